using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>What TikTok really sent, and what nobody should send: nothing is lost, nothing crashes.</summary>
public sealed class HostileReplyTests
{
    /// <summary>It promises another page and brings nothing.</summary>
    internal const string EndlessPage = """{"data":{"videos":[],"cursor":100,"has_more":true,"search_id":"7"},"error":{"code":"ok","message":"","log_id":"x"}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recorded_pages_go_through_the_whole_mesh_without_losing_a_video()
    {
        using var recording = JsonDocument.Parse(Recordings.Read(Path.Combine("recorded", "hashtag_US_20240301-20240302_pages.json")));
        var pages = recording.RootElement.GetProperty("pages").EnumerateArray().ToList();
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { EmptyWorld = true }, Token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.VideoQuery, [SandboxReply.Json(Envelope(pages[0], 100)), SandboxReply.Json(Envelope(pages[1], 105))]);

        var collected = await lab.RunAsync(Token, "collect", "terms", "#anything", "--region", "US", "--from", "2024-03-01", "--to", "2024-03-02", "--data", lab.Data, "--rate", "0", "--json");

        collected.ExitCode.ShouldBe(0, collected.Errors);
        var sent = pages.SelectMany(Videos).ToDictionary(video => video.GetProperty("id").GetRawText(), StringComparer.Ordinal);
        var records = await lab.ExportAsync(Token);
        records.Keys.ShouldBe(sent.Keys.Order(StringComparer.Ordinal));
        lab.Queries.Count.ShouldBe(3, "the second page is sparse, so its days are asked for again");
        foreach (var (id, record) in records)
        {
            Number(record, "views_count").ShouldBe(Number(sent[id], "view_count"));
            Number(record, "likes_count").ShouldBe(Number(sent[id], "like_count"));
            record.GetProperty("published_at").GetDateTimeOffset().ToUnixTimeSeconds().ShouldBe(sent[id].GetProperty("create_time").GetInt64());
        }
    }

    [Theory]
    [InlineData("api_videos_response_unicode_with_null_bytes.json")]
    [InlineData("api_videos_response_page_1_of_2.json")]
    [InlineData("video_by_id_response.json")]
    public async Task A_recorded_page_leaves_a_record_of_each_video(string name)
    {
        var bytes = Recordings.Read(Path.Combine("recorded", name));
        using var recording = JsonDocument.Parse(bytes);
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { EmptyWorld = true }, Token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Bytes(200, bytes));

        var collected = await lab.RunAsync(Token, "collect", "terms", "#anything", "--region", "US", "--from", "2024-03-01", "--to", "2024-03-02", "--data", lab.Data, "--rate", "0", "--json");

        collected.ExitCode.ShouldBeOneOf(0, 3);
        collected.Json.GetProperty("records").GetProperty("quarantined").GetInt32().ShouldBe(0);
        (await lab.ExportAsync(Token)).Keys.ShouldBe(
            Videos(recording.RootElement).Select(video => video.GetProperty("id").GetRawText()).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Strange_values_become_records_and_what_has_no_id_is_kept_apart()
    {
        const string Page = """
            {"data":{"videos":[
              {"id":99999999999999999999999,"create_time":1767600000,"username":"a\u0000b","video_description":"nul \u0000 and \ud800 alone","like_count":4294967296,"view_count":9007199254740993},
              {"id":"7591000000000000001","create_time":1767600001,"username":"c","video_description":"as text"},
              {"create_time":1767600002,"username":"d","video_description":"no id"},
              42
            ],"cursor":4,"has_more":false,"search_id":"1"},"error":{"code":"ok","message":"","log_id":"x"}}
            """;
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { EmptyWorld = true }, Token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Bytes(200, Encoding.UTF8.GetBytes(Page)));

        var collected = await lab.RunAsync(Token, lab.CollectTerms());

        collected.ExitCode.ShouldBe(0, collected.Errors);
        collected.Json.GetProperty("records").GetProperty("quarantined").GetInt32().ShouldBe(2);
        var records = await lab.ExportAsync(Token);
        records.Keys.ShouldBe(["7591000000000000001", "99999999999999999999999"]);
        records["99999999999999999999999"].GetProperty("likes_count").GetInt64().ShouldBe(4_294_967_296);
        records["99999999999999999999999"].GetProperty("views_count").GetInt64().ShouldBe(9_007_199_254_740_993);
        records["99999999999999999999999"].GetProperty("text_content").GetString()!.ShouldNotContain('\0');
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("<html><body>504</body></html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"data":{"videos":{},"has_more":true}}""")]
    public async Task A_first_page_that_stays_garbage_is_a_gap_after_a_bounded_number_of_requests(string body)
    {
        await using var lab = await MeshLab.WithVideosAsync(10, Token);
        var garbage = SandboxReply.Json(body);
        lab.Sandbox.Script.Enqueue(SandboxMatch.FirstPage, [garbage, garbage, garbage, garbage, SandboxReply.PassThrough, SandboxReply.PassThrough, .. Enumerable.Repeat(garbage, 15)]);

        var collected = await lab.RunAsync(Token, lab.CollectTerms());

        collected.ExitCode.ShouldBe(3, collected.Errors);
        collected.Json.GetProperty("gaps")[0].GetProperty("reason").GetString().ShouldBe("failed");
        lab.Queries.Count.ShouldBe(7, "after four failures in a row two controls find that TikTok answers others");
    }

    [Fact]
    public async Task A_search_that_never_ends_becomes_a_gap_after_three_pages()
    {
        await using var lab = await MeshLab.WithVideosAsync(10, Token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.VideoQuery, [.. Enumerable.Repeat(SandboxReply.Json(EndlessPage), 20)]);

        var collected = await lab.RunAsync(Token, lab.CollectTerms());

        collected.ExitCode.ShouldBe(3, collected.Errors);
        lab.Queries.Count.ShouldBe(3);
    }

    private static IEnumerable<JsonElement> Videos(JsonElement page) =>
        (page.ValueKind is JsonValueKind.Array ? page : page.GetProperty("data").GetProperty("videos")).EnumerateArray();

    /// <summary>The recording holds the lists alone; the last cursor was 105.</summary>
    private static string Envelope(JsonElement videos, int cursor) =>
        $$$"""{"data":{"videos":{{{videos.GetRawText()}}},"cursor":{{{cursor}}},"has_more":{{{(cursor == 105 ? "false" : "true")}}},"search_id":"7"},"error":{"code":"ok","message":"","log_id":"20240829190020"}}""";

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetInt64() : null;
}
