using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>The report of what the client did.</summary>
public sealed class SandboxReportTests
{
    [Fact]
    public async Task It_counts_by_endpoint_and_outcome_and_names_the_fields()
    {
        await using var sandbox = await WithVideosAsync(5);
        await sandbox.VideosAsync(Dkpol(), "id,like_count");
        await sandbox.VideosAsync(Dkpol(), "id,username");
        await sandbox.UserAsync("nobody");
        var report = sandbox.Server.Report;
        (report.Requests, report.Counted).ShouldBe((4, 3));
        report.Endpoints["video_query"].Outcomes.ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { ["200 ok"] = 2 });
        report.Endpoints["video_query"].Fields.ShouldBe(["id", "like_count", "username"]);
        report.Endpoints["video_query"].Records.ShouldBe(10);
        report.Endpoints["user_info"].Outcomes.ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { ["400 invalid_params"] = 1 });
        report.Endpoints["token"].Requests.ShouldBe(1);
        report.Wasted.ShouldBe(new(1, 0, 1));
        report.Repeated.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_names_repetitions_their_pauses_and_their_cost()
    {
        await using var sandbox = await WithVideosAsync(5);
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.Error(SandboxError.ServerError));
        await sandbox.VideosAsync(Dkpol());
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(4));
        await sandbox.VideosAsync(Dkpol());
        await sandbox.VideosAsync(Dkpol());
        var repeated = sandbox.Server.Report.Repeated.Single();
        (repeated.Endpoint, repeated.Times, repeated.Counted, repeated.AfterSuccess).ShouldBe((SandboxEndpoint.VideoQuery, 3, 3, 1));
        repeated.WaitSeconds.ShouldBe([4, 0]);
        sandbox.Server.Report.Wasted.ShouldBe(new(1, 1, 0));
    }

    [Fact]
    public async Task It_tells_finished_lost_and_resumed_searches()
    {
        await using var sandbox = await WithVideosAsync(250, new() { SearchIdChanges = 1 });
        sandbox.Server.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.Error(SandboxError.SearchIdInvalid));
        await sandbox.AllPagesAsync();
        sandbox.Server.Report.Searches.ShouldBe(new(Opened: 1, Finished: 1, Lost: 0, Resumed: 1, Pages: 3));
        await sandbox.VideosAsync(Dkpol(",\"max_count\":50"));
        sandbox.Server.Report.Searches.ShouldBe(new(Opened: 2, Finished: 1, Lost: 1, Resumed: 1, Pages: 4));
    }

    [Fact]
    public async Task It_tells_what_came_after_a_refusal()
    {
        await using var sandbox = await WithVideosAsync(5, options: new() { DailyRequests = 1 });
        await sandbox.VideosAsync(Dkpol());
        await sandbox.VideosAsync(Dkpol());
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        await sandbox.VideosAsync(Dkpol());
        sandbox.Server.Clock.Advance(TimeSpan.FromHours(12));
        await sandbox.RenewTokenAsync();
        await sandbox.VideosAsync(Dkpol());
        sandbox.Server.Report.After["daily_quota_limit_exceeded"].ShouldBe(new(Times: 2, ShortestWaitSeconds: 30, RequestsTheSameDay: 1, TokenCalls: 1));
    }

    [Fact]
    public async Task It_goes_out_as_json_with_the_attempts_of_a_named_sequence()
    {
        await using var sandbox = await WithVideosAsync(5, options: new() { ManagementPort = 0 });
        using var http = new HttpClient { BaseAddress = sandbox.Server.ManagementAddress };
        using var set = await http.PostAsync("/script", new StringContent("""[{"sequence":"two 503s","reply":"bytes","status":503,"times":2}]""", Encoding.UTF8, "application/json"));
        await sandbox.VideosAsync(Dkpol());
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(2));
        await sandbox.VideosAsync(Dkpol());
        await sandbox.VideosAsync(Dkpol());
        var report = await http.GetFromJsonAsync<JsonElement>("/report");
        report.GetProperty("sequences").GetProperty("two 503s").EnumerateArray().Select(attempt => attempt.GetProperty("wait_seconds").ToString()).ShouldBe(["", "2"]);
        report.GetProperty("endpoints").GetProperty("video_query").GetProperty("requests").GetInt32().ShouldBe(3);
        report.GetProperty("repeated")[0].GetProperty("endpoint").GetString().ShouldBe("video_query");
    }
}
