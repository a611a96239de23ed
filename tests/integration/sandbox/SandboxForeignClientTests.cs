using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §1 and §7: other people's clients work against the sandbox as they are. What each of them sends was read
/// in its published source; the requests here are written anew.</summary>
public sealed class SandboxForeignClientTests
{
    private const string Condition1 = """{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}""";
    private const string Video = "/v2/research/video/query/";

    /// <summary>Bodies of a first page, by client.</summary>
    public static TheoryData<string, string, string, string> FirstPages { get; } = new()
    {
        {
            "TikTok's wrapper: all three lists, what is not given left out", "id,create_time,username", "application/json",
            $$"""{"query": {"and": [{{Condition1}}], "or": [], "not": []}, "start_date": "20260201", "end_date": "20260228", "max_count": 100}"""
        },
        {
            "TikTok's wrapper: is_random false", "view_count", "application/json",
            $$"""{"query": {"and": [{{Condition1}}]}, "start_date": "20260130", "end_date": "20260228", "is_random": false, "max_count": 10}"""
        },
        {
            "C4D's helper: text/plain, null cursor and search_id, random false",
            "id,video_description,create_time,region_code,share_count,view_count,like_count,comment_count,music_id,hashtag_names,username,effect_ids,voice_to_text,playlist_id", "text/plain",
            $$"""{"query": {"and": [{"field_name": "region_code", "operation": "IN", "field_values": ["DK", "SE"]}], "or": [{"field_name": "hashtag_name", "operation": "EQ", "field_values": ["dkpol"]}]}, "max_count": 100, "start_date": "20260201", "end_date": "20260208", "is_random": false, "cursor": null, "search_id": null}"""
        },
        {
            "traktok: hashtag or keyword, cursor 0, lists that are null",
            "id,video_description,create_time,region_code,share_count,view_count,like_count,comment_count,music_id,hashtag_names,username,effect_ids,playlist_id,voice_to_text", "application/json",
            """{"query":{"and":null,"or":[{"field_name":"hashtag_name","operation":"IN","field_values":["dkpol"]},{"field_name":"keyword","operation":"IN","field_values":["dkpol"]}],"not":null},"start_date":"20260130","end_date":"20260228","max_count":100,"cursor":0,"is_random":false}"""
        },
        {
            "ResearchTikPy: an empty list beside a full one", "id,video_description", "application/json",
            $$"""{"query":{"and":[{{Condition1}}],"or":[],"not":[]},"start_date":"20260201","end_date":"20260220","max_count":"100","is_random":false}"""
        },
        {
            "getting started: one day, no max_count, blanks between fields", "id, like_count, create_time", "application/json",
            $$"""{"query":{"and":[{{Condition1}}]},"start_date":"20260203","end_date":"20260203"}"""
        },
    };

    [Theory]
    [MemberData(nameof(FirstPages))]
    public async Task Its_first_page_is_answered(string client, string fields, string type, string body)
    {
        await using var sandbox = await WithVideosAsync(5);
        foreach (var query in (string[])["?fields=" + fields.Replace(" ", "%20", StringComparison.Ordinal), "?fields=" + Uri.EscapeDataString(fields)])
        {
            var reply = await sandbox.PostAsync(Video + query, body, type: type);
            reply.Status.ShouldBe(200, client + " " + reply.Text);
            reply.Videos.Count.ShouldBe(5);
        }
    }

    [Theory]
    [InlineData("bearer ")]
    [InlineData("Bearer ")]
    [InlineData("BEARER ")]
    public async Task The_scheme_of_the_token_may_be_lower_case(string scheme)
    {
        await using var sandbox = await WithVideosAsync(1);
        var token = (await sandbox.TokenAsync("client_key=k&client_secret=s&grant_type=client_credentials")).Root.GetProperty("access_token").GetString();
        (await sandbox.PostAsync(Video + "?fields=id", Dkpol(), scheme + token)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Requests_of_scripts_with_another_content_type_or_none_pass_too()
    {
        await using var sandbox = await WithVideosAsync(1);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Dkpol()));
        (await sandbox.SendAsync(Video + "?fields=id", content)).Status.ShouldBe(200);
        content = new(Encoding.UTF8.GetBytes(Dkpol()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        (await sandbox.SendAsync(Video + "?fields=id", content)).Status.ShouldBe(200);
        (await sandbox.PostAsync(Video.TrimEnd('/') + "?fields=id", Dkpol())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task TikToks_wrapper_reads_a_month_and_goes_on_with_the_next_on_a_rude_day()
    {
        // Its loop: any error is tried again, cursor and search_id come from the reply, also when that is null.
        await using var sandbox = await WithVideosAsync(350, SandboxFaults.Rude with { SparseSearches = 0 });
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (start, end) in new[] { ("20260115", "20260213"), ("20260214", "20260228") })
        {
            var body = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["query"] = JsonDocument.Parse($$"""{"and":[{{Condition1}}],"or":[],"not":[]}""").RootElement,
                ["start_date"] = start,
                ["end_date"] = end,
                ["max_count"] = 100,
            };
            for (var tries = 0; tries < 60;)
            {
                var reply = await sandbox.PostAsync(Video + "?fields=id", JsonSerializer.Serialize(body));
                if (reply.Code != "ok")
                {
                    tries++;
                    continue;
                }

                ids.UnionWith(reply.List("videos").Select(video => video.GetProperty("id").ToString()));
                if (!reply.HasMore)
                {
                    break;
                }

                (body["cursor"], body["search_id"]) = (reply.Cursor, reply.Data.TryGetProperty("search_id", out var id) ? id.GetString() : null);
            }
        }

        ids.Count.ShouldBe(350);
    }

    [Fact]
    public async Task TikToks_wrapper_reads_everything_that_hangs_on_a_user()
    {
        await using var sandbox = await WithVideosAsync(3);
        sandbox.Server.World.Add(new SandboxCreator
        {
            Username = "vibe_dk", DisplayName = "Vibe", Followers = 40, Following = 30, LikesArePublic = true,
            Liked = [SandboxFixture.Video(0).Id], Pinned = [SandboxFixture.Video(1).Id], Reposted = [SandboxFixture.Video(2).Id],
        });
        sandbox.Server.World.Add(new SandboxComment { Id = SandboxFixture.Video(0).Id + (60L << 32), VideoId = SandboxFixture.Video(0).Id, ParentId = SandboxFixture.Video(0).Id, Text = "Enig" });
        var user = new { username = "vibe_dk" };
        (await sandbox.AskAsync("user/info", "display_name,bio_description,avatar_url,is_verified,follower_count,following_count,likes_count,video_count,bio_url", user)).Code.ShouldBe("ok");
        (await sandbox.AskAsync("user/followers", null, new { username = "vibe_dk", max_count = 100 })).List("user_followers").ShouldNotBeEmpty();
        (await sandbox.AskAsync("user/following", null, new { username = "vibe_dk", cursor = 0 })).List("user_following").ShouldNotBeEmpty();
        (await sandbox.AskAsync("user/liked_videos", "id,create_time,username", user)).List("user_liked_videos").Count.ShouldBe(1);
        (await sandbox.AskAsync("user/pinned_videos", "id,create_time,username", user)).List("pinned_videos_list").Count.ShouldBe(1);
        (await sandbox.AskAsync("user/reposted_videos", "id,create_time,username", user)).List("reposted_videos").Count.ShouldBe(1);
        (await sandbox.AskAsync("video/comment/list", "id,text", new { video_id = SandboxFixture.Video(0).Id.ToString(System.Globalization.CultureInfo.InvariantCulture), max_count = 10 })).List("comments").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Traktok_asks_for_comments_with_a_video_id_as_text_and_for_a_user_alone()
    {
        await using var sandbox = await WithVideosAsync(1);
        var id = SandboxFixture.Video(0).Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (await sandbox.PostAsync("/v2/research/video/comment/list/?fields=id%2Cvideo_id%2Ctext%2Clike_count%2Creply_count%2Cparent_comment_id%2Ccreate_time", $$"""{"video_id":"{{id}}","max_count":100,"cursor":0}""")).Code.ShouldBe("ok");
        (await sandbox.PostAsync("/v2/research/user/pinned_videos/?fields=id%2Ccreate_time", """{"username":"nobody","max_count":null,"cursor":null}""")).Code.ShouldBe("invalid_params");
        sandbox.Server.Log.All[^1].Status.ShouldBe(400);
    }

    [Fact]
    public async Task C4Ds_helper_meets_the_error_texts_that_it_waits_for()
    {
        await using var sandbox = await WithVideosAsync(150, new() { SearchIdNotReadyTries = 1 });
        var refused = await sandbox.VideosAsync(Page(await sandbox.VideosAsync(Dkpol())));
        refused.Status.ShouldBe(400);
        refused.ErrorText.ShouldNotBeNull().ShouldMatch(@"^Search Id \d+ is invalid or expired");
    }
}
