using System.Text;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Scripted replies, among them the eight faults on page 2.</summary>
public sealed class SandboxScriptTests
{
    public static TheoryData<string, SandboxReply[]> PageTwoFaults => new()
    {
        { "500 twice", [SandboxReply.Error(SandboxError.ServerError), SandboxReply.Error(SandboxError.ServerError)] },
        { "search id invalid three times", [SandboxReply.Error(SandboxError.SearchIdInvalid), SandboxReply.Error(SandboxError.SearchIdInvalid), SandboxReply.Error(SandboxError.SearchIdInvalid)] },
        { "truncated JSON once", [SandboxReply.Truncate()] },
        { "connection cut", [SandboxReply.CutMidBody] },
        { "HTML 504 twice", [SandboxReply.Html504, SandboxReply.Html504] },
        { "429 twice", [SandboxReply.Error(SandboxError.RateLimited), SandboxReply.Error(SandboxError.RateLimited)] },
        { "401 once", [SandboxReply.Error(SandboxError.TokenInvalid)] },
        { "never answers", [SandboxReply.NeverAnswer] },
        { "wrong length", [SandboxReply.WrongContentLength] },
    };

    [Theory]
    [MemberData(nameof(PageTwoFaults), DisableDiscoveryEnumeration = true)]
    public async Task A_patient_client_still_gets_300_of_300(string name, SandboxReply[] replies)
    {
        await using var sandbox = await WithVideosAsync(300);
        sandbox.Server.Script.Enqueue(SandboxMatch.LaterPage, replies);
        var pages = await sandbox.AllPagesAsync(timeoutSeconds: name == "never answers" ? 1 : 20);
        pages.SelectMany(page => page.Ids).Distinct().Count().ShouldBe(300);
        sandbox.Server.Script.Remaining.ShouldBe(0);
        sandbox.Server.Log.Of(SandboxEndpoint.VideoQuery).Count.ShouldBe(3 + replies.Length);
    }

    [Fact]
    public async Task A_page_is_fed_byte_for_byte_with_status_and_headers()
    {
        await using var sandbox = await WithVideosAsync(5);
        byte[] body = [0x7B, 0x22, 0xFF, 0x00, 0x7D];
        sandbox.Server.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Bytes(203, body, new KeyValuePair<string, string>("X-Tt-Logid", "7")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/research/video/query/?fields=id") { Content = new StringContent(Dkpol()) };
        var token = (await sandbox.TokenAsync("client_key=k&client_secret=s&grant_type=client_credentials")).Root.GetProperty("access_token").GetString();
        request.Headers.Authorization = new("Bearer", token);
        using var reply = await sandbox.Http.SendAsync(request);
        ((int)reply.StatusCode).ShouldBe(203);
        reply.Headers.GetValues("X-Tt-Logid").ShouldBe(["7"]);
        (await reply.Content.ReadAsByteArrayAsync()).ShouldBe(body);
        (await sandbox.VideosAsync(Dkpol())).Ids.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_scripted_search_id_leads_to_scripted_pages()
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Json("""{"data":{"videos":[{"id":1}],"cursor":100,"has_more":true,"search_id":"7"},"error":{"code":"ok"}}"""));
        sandbox.Server.Script.Enqueue(call => call.SearchId == "7" && call.Cursor == 100, SandboxReply.Json("""{"data":{"videos":[{"id":2}],"cursor":105,"has_more":false,"search_id":"7"},"error":{"code":"ok"}}"""));
        var pages = await sandbox.AllPagesAsync();
        pages.SelectMany(page => page.Ids).ShouldBe([1, 2]);
        sandbox.Server.Log.All.Count(entry => entry is { Scripted: true, Counted: true }).ShouldBe(2);
    }

    [Fact]
    public async Task A_reply_waits_for_the_request_it_is_for()
    {
        await using var sandbox = await WithVideosAsync(150);
        sandbox.Server.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.Error(SandboxError.ServerError));
        sandbox.Server.Script.Enqueue(new SandboxMatch(SandboxEndpoint.Token), SandboxReply.Json("{}", 503));
        var first = await sandbox.VideosAsync(Dkpol());
        first.Status.ShouldBe(200);
        (await sandbox.VideosAsync(Page(first))).Status.ShouldBe(500);
        (await sandbox.VideosAsync(Page(first))).Status.ShouldBe(200);
        (await sandbox.TokenAsync("client_key=k")).Status.ShouldBe(503);
    }

    [Fact]
    public async Task Replies_come_in_their_order_and_pass_through_is_the_normal_one()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.PassThrough, SandboxReply.Html504, SandboxReply.PassThrough);
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        var html = await sandbox.VideosAsync(Dkpol());
        (html.Status, html.Message.Content.Headers.ContentType!.MediaType).ShouldBe((504, "text/html"));
        html.Text.ShouldContain("Gateway Time-out");
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Truncated_is_proper_http_with_broken_json()
    {
        await using var sandbox = await WithVideosAsync(10);
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.Truncate(0.7));
        var reply = await sandbox.VideosAsync(Dkpol());
        reply.Status.ShouldBe(200);
        reply.Root.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Undefined);
        reply.Message.Content.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(reply.Text));
    }

    [Fact]
    public async Task A_cut_body_breaks_off_after_a_good_beginning()
    {
        await using var sandbox = await WithVideosAsync(100);
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.CutMidBody);
        var error = await Should.ThrowAsync<HttpRequestException>(() => sandbox.VideosAsync(Dkpol()));
        (error.InnerException ?? error).ShouldBeAssignableTo<IOException>();
        var entry = sandbox.Server.Log.All[^1];
        (entry.Status, entry.Counted, entry.Records).ShouldBe((200, true, 100));
    }

    [Fact]
    public async Task A_wrong_content_length_ends_ten_bytes_early()
    {
        await using var sandbox = await WithVideosAsync(10);
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.WrongContentLength);
        var reply = await sandbox.VideosAsync(Dkpol());
        reply.Message.Content.Headers.ContentLength.ShouldBe(sandbox.Server.Log.All[^1].Bytes - 10);
        reply.Root.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Undefined);
        (await sandbox.VideosAsync(Dkpol())).Ids.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_request_without_an_answer_is_logged_and_counted_at_once()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.NeverAnswer);
        using var stop = new CancellationTokenSource();
        var request = sandbox.VideosAsync(Dkpol(), cancellationToken: stop.Token);
        await sandbox.Server.Log.WaitUntilAsync(all => all.Any(entry => entry is { Status: null, Counted: true }), CancellationToken.None);
        request.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task A_delay_is_followed_by_the_normal_reply()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.DelayThenNormal(TimeSpan.FromMilliseconds(300)));
        var started = TimeProvider.System.GetTimestamp();
        (await sandbox.VideosAsync(Dkpol())).Ids.Count.ShouldBe(1);
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task A_huge_body_is_twenty_mebibytes_of_valid_json()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.HugeBody());
        var reply = await sandbox.VideosAsync(Dkpol());
        reply.Text.Length.ShouldBeGreaterThan(20 * 1024 * 1024);
        reply.Code.ShouldBe("ok");
    }

    [Fact]
    public async Task The_daily_limit_comes_before_the_script()
    {
        await using var sandbox = await WithVideosAsync(1, options: new() { DailyRequests = 0 });
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.PassThrough);
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(429);
        sandbox.Server.Script.Remaining.ShouldBe(1);
        sandbox.Server.Script.Clear();
        sandbox.Server.Script.Remaining.ShouldBe(0);
    }
}
