using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class QueryFileTests
{
    private const string Condition = """{"operation":"EQ","field_name":"keyword","field_values":["valg"]}""";

    [Fact]
    public void A_whole_request_body_gives_query_dates_and_page_size()
    {
        var file = Read($$"""{"query":{"and":[{{Condition}}],"or":[],"not":[]},"start_date":"20260101","end_date":"20260331","max_count":50}""");

        file.Query.And.ShouldHaveSingleItem().Values.ShouldBe(["valg"]);
        file.StartDate.ShouldBe(new DateOnly(2026, 1, 1));
        file.EndDate.ShouldBe(new DateOnly(2026, 3, 31));
        file.MaxCount.ShouldBe(50);
    }

    [Fact]
    public void The_query_object_alone_is_enough_also_with_a_byte_order_mark() =>
        Read($$"""{{"\uFEFF"}}{"or":[{{Condition}}]}""").Query.Or.Count.ShouldBe(1);

    [Theory]
    [InlineData("""{"query":{"and":[C]},"cursor":100}""", "cursor")]
    [InlineData("""{"query":{"and":[C]},"search_id":"7160776277492814854"}""", "search_id")]
    [InlineData("""{"query":{"and":[C]},"is_random":true}""", "is_random")]
    [InlineData("""{"query":{"and":[C]},"fields":"id"}""", "fields")]
    [InlineData("""{"and":[C],"start_date":"20260101"}""", "query.start_date")]
    [InlineData("""{"start_date":"20260101"}""", "query")]
    [InlineData("""{"query":{"and":[C]},"start_date":"2026-01-01"}""", "start_date")]
    [InlineData("""{"query":{"and":[C]},"start_date":"20160831"}""", "start_date")]
    [InlineData("""{"query":{"and":[C]},"start_date":20260101}""", "start_date")]
    [InlineData("""{"query":{"and":[C]},"start_date":"20260201","end_date":"20260101"}""", "end_date")]
    [InlineData("""{"query":{"and":[C]},"max_count":101}""", "max_count")]
    [InlineData("""{"query":{"and":[C]},"query":{"and":[C]}}""", "query")]
    [InlineData("""{"query":[C]}""", "query")]
    [InlineData("""{"query":{}}""", "query")]
    [InlineData("""{}""", "query")]
    [InlineData("""{"query":{"and":C}}""", "query.and")]
    [InlineData("""{"query":{"and":["valg"]}}""", "query.and[0]")]
    [InlineData("""{"query":{"xor":[C]}}""", "query.xor")]
    [InlineData("""{"query":{"and":[{"operation":"eq","field_name":"keyword","field_values":["valg"]}]}}""", "query.and[0].operation")]
    [InlineData("""{"query":{"or":[C,{"operation":"EQ","field_name":"id","field_values":["1"]}]}}""", "query.or[1].field_name")]
    [InlineData("""{"query":{"and":[{"operation":"EQ","field_name":"view_count","field_values":[10]}]}}""", "query.and[0].field_values[0]")]
    [InlineData("""{"query":{"and":[{"operation":"EQ","field_name":"keyword","field_values":"valg"}]}}""", "query.and[0].field_values")]
    [InlineData("""{"query":{"and":[{"operation":"EQ","field_name":"keyword"}]}}""", "query.and[0].field_values")]
    [InlineData("""{"query":{"and":[{"operation":"EQ","field_name":"keyword","field_values":["valg"],"fuzzy":true}]}}""", "query.and[0].fuzzy")]
    [InlineData("""[C]""", "file")]
    [InlineData("""{"query":{"and":[{"operation":"EQ","field_name":"keyword","field_values":["\uD800"]}]}}""", "file")]
    public void What_is_not_the_APIs_query_is_refused_with_its_path(string json, string path) =>
        QueryFileReader.Read(json.Replace("C", Condition, StringComparison.Ordinal)).Violations.ShouldHaveSingleItem().Path.ShouldBe(path);

    [Fact]
    public void Broken_JSON_names_line_and_position() =>
        QueryFileReader.Read("{\n  \"and\": [\n    oops\n").Violations.ShouldHaveSingleItem().Path.ShouldBe("line 3, position 5");

    [Fact]
    public void Several_faults_are_all_named() =>
        QueryFileReader.Read("""{"query":{"and":[{"operation":"LIKE","field_name":"title","field_values":[1]}]},"cursor":0,"max_count":0}""")
            .Violations.Select(violation => violation.Path)
            .ShouldBe(["query.and[0].operation", "query.and[0].field_name", "query.and[0].field_values[0]", "cursor", "max_count"]);

    [Fact]
    public void A_file_larger_than_a_mebibyte_is_refused() =>
        QueryFileReader.Read(new string(' ', QueryFileReader.LargestFile + 1)).Violations.ShouldHaveSingleItem().Path.ShouldBe("file");

    [Theory]
    [InlineData("recorded/popular_US_20220101-20220129_page1_response_data.json")]
    [InlineData("recorded/video_by_id_response_data_april2024.json")]
    public void Recorded_requests_are_read_once_their_cursor_is_taken_out(string name)
    {
        using var recording = System.Text.Json.JsonDocument.Parse(Recordings.Read(name));
        var request = recording.RootElement.GetProperty("_request");

        Read($$"""{"query":{{request.GetProperty("query").GetRawText()}}}""").Query.ShouldNotBeNull();
        QueryFileReader.Read(request.GetRawText()).IsValid.ShouldBe(!request.EnumerateObject().Any(property => property.Name is "cursor" or "search_id"));
    }

    private static QueryFile Read(string json)
    {
        var reading = QueryFileReader.Read(json);
        reading.Violations.ShouldBeEmpty();
        return reading.File!;
    }
}
