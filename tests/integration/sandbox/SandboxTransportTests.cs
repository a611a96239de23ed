using System.Globalization;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §1 and §3: transport, envelope, log ids.</summary>
public sealed class SandboxTransportTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task The_body_is_json_whatever_its_type_says(string type)
    {
        await using var sandbox = await WithVideosAsync(1);
        (await sandbox.PostAsync("/v2/research/video/query/?fields=id", Dkpol(), type: type)).Ids.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(",\"cursor\":null,\"search_id\":null,\"max_count\":null")]
    [InlineData(",\"max_count\":\"100\"")]
    [InlineData(",\"cursor\":0")]
    [InlineData(",\"search_id\":\"\"")]
    public async Task What_peers_send_in_production_is_accepted(string more)
    {
        await using var sandbox = await WithVideosAsync(1);
        (await sandbox.VideosAsync(Dkpol(more))).Ids.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Empty_or_and_not_lists_beside_a_full_one_are_accepted()
    {
        await using var sandbox = await WithVideosAsync(1);
        var query = $$"""{"and":[{{Condition("hashtag_name", "EQ", "dkpol")}}],"or":[],"not":[]}""";
        (await sandbox.VideosAsync(Body(query))).Ids.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Blanks_in_the_field_list_are_accepted()
    {
        await using var sandbox = await WithVideosAsync(1);
        var reply = await sandbox.VideosAsync(Dkpol(), "id, create_time");
        reply.Videos[0].EnumerateObject().Select(member => member.Name).ShouldBe(["id", "create_time"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_body_in_chunks_is_read()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Http.DefaultRequestHeaders.TransferEncodingChunked = true;
        (await sandbox.VideosAsync(Dkpol())).Ids.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_path_is_404_and_costs_nothing()
    {
        await using var sandbox = await StartAsync();
        (await sandbox.PostAsync("/v2/research/nothing/", "{}")).Status.ShouldBe(404);
        sandbox.Server.Log.All[^1].Counted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_get_is_405()
    {
        await using var sandbox = await StartAsync();
        using var reply = await sandbox.Http.GetAsync("/v2/research/video/query/");
        ((int)reply.StatusCode).ShouldBe(405);
    }

    [Fact]
    public async Task The_log_id_is_the_utc_second_and_twenty_hex_digits_of_which_some_come_again()
    {
        await using var sandbox = await WithVideosAsync(1);
        var ids = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            ids.Add((await sandbox.VideosAsync(Dkpol())).Error.GetProperty("log_id").GetString()!);
        }

        foreach (var id in ids)
        {
            id.ShouldMatch("^20260615120000[0-9A-F]{20}$");
        }

        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(8);
        ids.Select(id => id[^10..]).Distinct(StringComparer.Ordinal).Count().ShouldBeLessThan(8);
    }

    [Fact]
    public async Task Success_says_ok_with_an_empty_message()
    {
        await using var sandbox = await WithVideosAsync(1);
        var reply = await sandbox.VideosAsync(Dkpol());
        (reply.Code, reply.ErrorText).ShouldBe(("ok", ""));
        reply.Message.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(-3600)]
    public async Task The_date_header_follows_the_sandboxs_clock_and_its_skew(int skew)
    {
        await using var sandbox = await WithVideosAsync(1, new() { DateHeaderSkew = TimeSpan.FromSeconds(skew) });
        var reply = await sandbox.VideosAsync(Dkpol());
        reply.Message.Headers.Date.ShouldBe(Now.AddSeconds(skew));
        reply.Message.Headers.GetValues("Date").Count().ShouldBe(1);
    }

    [Fact]
    public async Task Every_request_is_in_the_log_with_what_it_asked_and_got()
    {
        await using var sandbox = await WithVideosAsync(3);
        var first = await sandbox.VideosAsync(Dkpol(",\"max_count\":2"), "id");
        await sandbox.VideosAsync(Page(first, ",\"max_count\":2"), "id");
        var log = sandbox.Server.Log.All;
        log.Select(entry => entry.Number).ShouldBe([1, 2, 3]);
        log.Select(entry => entry.Endpoint).ShouldBe([SandboxEndpoint.Token, SandboxEndpoint.VideoQuery, SandboxEndpoint.VideoQuery]);
        var page = log[2];
        (page.StartDate, page.EndDate, page.Cursor, page.SearchId, page.MaxCount).ShouldBe(("20260201", "20260228", 2, first.SearchId, 2));
        (page.Status, page.ErrorCode, page.Counted, page.Records, page.ClientKey, page.Fields).ShouldBe((200, "ok", true, 1, "key", "id"));
        page.At.ShouldBe(Now);
        page.Body.ShouldBe(Page(first, ",\"max_count\":2"));
        page.LogId!.Substring(0, 14).ShouldBe(Now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        log[1].Bytes.ShouldBe(first.Text.Length);
    }
}
