using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Ucr;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Ucr;

public sealed class DocumentNdjsonTests
{
    [Fact]
    public void A_line_has_the_document_s_keys_then_every_field_then_what_is_withheld()
    {
        var document = new UniversalDocument
        {
            Id = RecordId.Of("default", "tiktok", "product:2"),
            Type = "product",
            Key = "2",
            CollectedAt = new DateTimeOffset(2026, 4, 1, 12, 0, 0, 500, TimeSpan.Zero),
            Fields =
            [
                KeyValuePair.Create<string, JsonNode?>("product_name", "kop 🥰 \"stor\"\u2028\n"),
                KeyValuePair.Create<string, JsonNode?>("product_price", new JsonArray("20.79GBP", "1€")),
                KeyValuePair.Create<string, JsonNode?>("product_rating", 4.5),
                KeyValuePair.Create<string, JsonNode?>("product_sold_count", 9_007_199_254_740_993),
                KeyValuePair.Create<string, JsonNode?>("is_verified", true),
                KeyValuePair.Create<string, JsonNode?>("shop_name", null),
            ],
            Withheld = ["display_name"],
        };
        Lines(document, document).ShouldBe(string.Concat(Enumerable.Repeat(
            """
            {"id":"ID","type":"product","key":"2","collected_at":"2026-04-01T12:00:00.5Z","product_name":"kop 🥰 \"stor\"\u2028\n","product_price":["20.79GBP","1€"],"product_rating":4.5,"product_sold_count":9007199254740993,"is_verified":true,"shop_name":null,"withheld":["display_name"]}

            """.Replace("ID", document.Id.ToString("D"), StringComparison.Ordinal),
            2)));
    }

    private static string Lines(params IEnumerable<UniversalDocument> documents)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var ndjson = new DocumentNdjson(buffer);
        foreach (var document in documents)
        {
            ndjson.Write(document);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
