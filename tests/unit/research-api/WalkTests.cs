using System.Globalization;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

/// <summary>One loop that knows an endpoint's description and nothing else reads every list to its end.</summary>
public sealed class WalkTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Paged => Names(CursorKind.Index, CursorKind.UnixSeconds, CursorKind.Opaque, CursorKind.PageNumber);

    /// <summary>Those whose next place TikTok says.</summary>
    public static TheoryData<string> Led => Names(CursorKind.Index, CursorKind.UnixSeconds, CursorKind.Opaque);

    [Theory]
    [MemberData(nameof(Paged))]
    public void A_list_is_walked_to_its_end(string name)
    {
        var endpoint = Named(name);
        var total = (2 * endpoint.LargestPage) + 7;

        var (ids, requests) = Walk(endpoint, body => Answer(endpoint, body, total));

        ids.Count.ShouldBe(total);
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(total);
        requests.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Led))]
    public void A_list_that_stands_still_is_left_after_three_pages(string name)
    {
        var endpoint = Named(name);

        var (_, requests) = Walk(endpoint, _ => $$$"""{"data":{"{{{endpoint.ItemKeys[0]}}}":[1],"cursor":5,"has_more":true},"error":{"code":"ok"}}""");

        requests.ShouldBe(4);
    }

    private static TheoryData<string> Names(params CursorKind[] kinds) =>
        [.. ResearchEndpoints.All.Where(endpoint => kinds.Contains(endpoint.Cursor) && endpoint.SubjectKey.Length > 0).Select(endpoint => $"{endpoint} by {endpoint.SubjectKey}")];

    private static ResearchEndpoint Named(string name) => ResearchEndpoints.All.Single(endpoint => $"{endpoint} by {endpoint.SubjectKey}" == name);

    private static (IReadOnlyList<string> Ids, int Requests) Walk(ResearchEndpoint endpoint, Func<JsonElement, string> answer)
    {
        List<string> ids = [];
        var (requests, still) = (0, 0);
        for (long? cursor = 0; cursor is { } place && still < 3;)
        {
            var request = endpoint.Ask("12345") with { Cursor = place };
            request.Validate().ShouldBeEmpty();
            using var body = JsonDocument.Parse(request.WriteBody());
            var page = PageReader.Read(endpoint, Encoding.UTF8.GetBytes(answer(body.RootElement)), 200);
            page.Error.IsOk.ShouldBeTrue();
            ids.AddRange(page.Items.Select(item => item.Id ?? Encoding.UTF8.GetString(item.Bytes.Span)));
            requests++;
            cursor = endpoint.After(place, page, request.MaxCount);
            still = cursor is { } next && !endpoint.Advances(place, next) ? still + 1 : 0;
        }

        return (ids, requests);
    }

    /// <summary>What TikTok would say of a list of so many: items are numbered, and item n is n seconds old.</summary>
    private static string Answer(ResearchEndpoint endpoint, JsonElement body, int total)
    {
        var asked = body.GetProperty(endpoint.CountKey).GetInt32();
        var cursor = body.TryGetProperty(endpoint.CursorKey, out var sent) ? sent.GetInt64() : 0;
        var unit = endpoint.Cursor is CursorKind.Opaque ? 1000 : 1;
        var first = endpoint.Cursor switch
        {
            CursorKind.Index => cursor,
            CursorKind.PageNumber => (cursor - 1) * asked,
            _ => cursor == 0 ? 0 : Now.ToUnixTimeSeconds() - (cursor / unit),
        };
        var end = Math.Min(first + asked, total);
        var next = endpoint.Cursor is CursorKind.Index ? end : (Now.ToUnixTimeSeconds() - end) * unit;
        var items = Enumerable.Range((int)first, (int)(end - first)).Select(i => i.ToString(CultureInfo.InvariantCulture))
            .Select(i => endpoint.IdKeys.Count > 0 ? $$"""{"{{endpoint.IdKeys[0]}}":"{{i}}"}""" : i);
        var paging = endpoint.Cursor is CursorKind.PageNumber ? "" : $$""","cursor":{{next}},"has_more":{{(end < total ? "true" : "false")}}""";
        return $$$"""{"data":{"{{{endpoint.ItemKeys[0]}}}":[{{{string.Join(',', items)}}}]{{{paging}}}}}""";
    }
}
