using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>The sandbox's replies have the shape of recorded ones.</summary>
public sealed class SandboxRecordingTests
{
    [Theory]
    [InlineData("api_videos_response_page_1_of_2.json")]
    [InlineData("api_videos_response_unicode_with_null_bytes.json")]
    [InlineData("video_by_id_response.json")]
    public async Task The_envelope_and_every_field_have_the_recorded_types(string recording)
    {
        var recorded = Recorded(recording);
        await using var sandbox = await StartAsync();
        var reply = await sandbox.VideosAsync(Body(Query(Condition("region_code", "EQ", "DK")), more: ",\"max_count\":100"));
        Shape(reply.Root).ShouldBe(Shape(recorded));
        Shape(reply.Data).ShouldBe(Shape(recorded.GetProperty("data")));
        Shape(reply.Error).ShouldBe(Shape(recorded.GetProperty("error")));
        var ours = Types(reply.Videos);
        foreach (var (field, kind) in Types(recorded.GetProperty("data").GetProperty("videos").EnumerateArray()))
        {
            ours.ShouldContainKeyAndValue(field, kind);
        }
    }

    [Fact]
    public async Task Absent_fields_are_as_frequent_as_recorded()
    {
        var recorded = Recorded("hashtag_US_20240303-20240304_page1_videos.json").GetProperty("videos").EnumerateArray().ToList();
        await using var sandbox = await StartAsync();
        var ours = new List<JsonElement>();
        for (var day = 1; day <= 28; day++)
        {
            var text = $"202602{day:00}";
            ours.AddRange((await sandbox.VideosAsync(Body(Query(Condition("region_code", "EQ", "DK")), text, text, ",\"max_count\":100"))).Videos);
        }

        foreach (var field in AllFields.Split(','))
        {
            Math.Abs(Share(ours, field) - Share(recorded, field)).ShouldBeLessThan(0.15, field);
        }

        (ours.Count / 2800.0).ShouldBeInRange(0.70, 0.82);
        Math.Abs(Blanks(ours) - Blanks(recorded)).ShouldBeLessThan(0.15);
    }

    [Fact]
    public async Task User_info_has_the_recorded_fields_and_types()
    {
        var recorded = Recorded("hashtag_US_20240303-20240304_page1_user_info.json").EnumerateArray().ToList();
        await using var sandbox = await StartAsync();
        var name = sandbox.Server.World.Creators.First(creator => !creator.Refused).Username;
        Types([(await sandbox.UserAsync(name)).Data]).OrderBy(pair => pair.Key, StringComparer.Ordinal).ShouldBe(Types(recorded).OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task User_errors_have_the_recorded_texts()
    {
        var recorded = Recorded("user_info_errors.json").EnumerateArray().Select(error => error.GetProperty("error")).ToList();
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        sandbox.Server.World.Add(new SandboxCreator { Username = "young", Refused = true });
        Reply[] replies = [await sandbox.UserAsync("nobody"), await sandbox.UserAsync("young")];
        foreach (var error in recorded)
        {
            var message = error.GetProperty("message").GetString()!;
            var name = message.Split("username: ") is [_, var rest] ? rest.Split('`')[0] : "nobody";
            replies.Select(reply => reply.ErrorText!.Replace("nobody", name, StringComparison.Ordinal)).Contains(message, StringComparer.Ordinal).ShouldBeTrue(message);
            replies.ShouldAllBe(reply => reply.Code == error.GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Comments_have_the_recorded_shape()
    {
        var recorded = Recorded("api_comments_response.json");
        await using var sandbox = await StartAsync();
        var video = sandbox.Server.World.VideosOf(new(2026, 2, 3)).First(video => !video.IsGone(Now) && !video.CommentsDisabled && video.Counts.Comments > 9);
        var reply = await sandbox.AskAsync("video/comment/list", "id,video_id,text,like_count,parent_comment_id,create_time", new { video_id = video.Id, max_count = 100 });
        Shape(reply.Root).ShouldBe(Shape(recorded));
        Shape(reply.Data).ShouldBe(Shape(recorded.GetProperty("data")));
        Shape(reply.Error).ShouldBe(Shape(recorded.GetProperty("error")));
        Types(reply.List("comments")).ShouldBe(Types(recorded.GetProperty("data").GetProperty("comments").EnumerateArray()), ignoreOrder: true);
    }

    /// <summary>Each documented example with the list in it; none for the empty text.</summary>
    public static TheoryData<string, string> Documented { get; } = new()
    {
        { "client_token_success.json", "" },
        { "client_token_error.json", "" },
        { "comments_by_video_id_response.json", "comments" },
        { "comments_by_comment_id_response.json", "comments" },
        { "user_info_response.json", "" },
        { "user_followers_response.json", "user_followers" },
        { "user_following_response.json", "user_following" },
        { "user_liked_videos_response.json", "user_liked_videos" },
        { "user_pinned_videos_response.json", "pinned_videos_list" },
        { "user_reposted_videos_response.json", "reposted_videos" },
        { "playlist_info_response.json", "" },
        { "shop_info_response.json", "shop_data" },
        { "shop_products_response.json", "product_data" },
        { "shop_reviews_response.json", "review_data" },
        { "validation_task_create_response.json", "" },
        { "validation_task_status_response.json", "" },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task Every_endpoint_has_the_documented_shape(string example, string list)
    {
        var documented = JsonDocument.Parse(Recordings.Read(Path.Combine("docs", example))).RootElement;
        await using var sandbox = await StartAsync();
        var items = list.Length == 0 ? [] : documented.GetProperty("data").GetProperty(list).EnumerateArray().ToList();
        var fields = string.Join(',', Types(items).Keys);
        var reply = await AskLikeAsync(sandbox, example, fields);
        Shape(reply.Root).ShouldBe(Shape(documented), reply.Text);
        foreach (var part in (string[])["data", "error"])
        {
            if (documented.TryGetProperty(part, out var members) && members.ValueKind == JsonValueKind.Object)
            {
                Shape(reply.Root.GetProperty(part)).ShouldBe(Shape(members), reply.Text);
            }
        }

        var ours = Types(list.Length == 0 ? [] : reply.List(list));
        foreach (var (field, kind) in Types(items))
        {
            ours.ShouldContainKeyAndValue(field, kind);
        }

        if (documented.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) && list != "comments")
        {
            reply.ErrorText.ShouldBe(message.GetString());
        }
    }

    private static async Task<Reply> AskLikeAsync(SandboxFixture sandbox, string example, string fields)
    {
        var world = sandbox.Server.World;
        bool CanBeAsked(SandboxCreator creator) => creator is { Refused: false, FollowingIsPrivate: false } && !creator.Username.Contains('\0', StringComparison.Ordinal);
        string One(Func<SandboxCreator, bool> such) => world.Creators.First(creator => CanBeAsked(creator) && such(creator)).Username;
        SandboxVideo Video(Func<SandboxVideo, bool> such) => Enumerable.Range(1, 28).SelectMany(day => world.VideosOf(new(2026, 2, day))).First(video => !video.IsGone(Now) && !video.CommentsDisabled && such(video));
        var busy = Video(video => video.Counts.Comments > 50);
        var shop = world.Shops.First(shop => shop.Products.Any(product => product.Reviews.Count > 0));
        switch (example)
        {
            case "client_token_success.json":
                return await sandbox.TokenAsync("client_key=k&client_secret=s&grant_type=client_credentials");
            case "client_token_error.json":
                return await sandbox.TokenAsync("client_key=k&grant_type=client_credentials");
            case "comments_by_video_id_response.json":
                return await sandbox.AskAsync("video/comment/list", fields, new { video_id = busy.Id });
            case "comments_by_comment_id_response.json":
                return await sandbox.AskAsync("video/comment/list", fields, new { comment_id = world.CommentsOf(busy.Id).First(comment => world.RepliesTo(comment.Id).Count > 0).Id });
            case "user_info_response.json":
                return await sandbox.UserAsync(One(_ => true));
            case "user_followers_response.json":
                return await sandbox.AskAsync("user/followers", null, new { username = One(creator => creator.Followers > 30) });
            case "user_following_response.json":
                return await sandbox.AskAsync("user/following", null, new { username = One(creator => creator.Following > 30) });
            case "user_liked_videos_response.json":
                return await sandbox.AskAsync("user/liked_videos", fields, new { username = One(creator => creator.LikesArePublic) });
            case "user_pinned_videos_response.json":
                return await sandbox.AskAsync("user/pinned_videos", fields, new { username = One(creator => world.PinnedBy(creator.Username).Any(video => !video.IsGone(Now))) });
            case "user_reposted_videos_response.json":
                return await sandbox.AskAsync("user/reposted_videos", fields, new { username = One(creator => world.RepostedBy(creator.Username).Count > 20) });
            case "playlist_info_response.json":
                return await sandbox.AskAsync("playlist/info", null, new { playlist_id = Video(video => video.PlaylistId is not null).PlaylistId });
            case "shop_info_response.json":
                return await sandbox.AskAsync("tts/shop", fields, new { shop_name = shop.Name });
            case "shop_products_response.json":
                return await sandbox.AskAsync("tts/product", fields, new { shop_id = shop.Id });
            case "shop_reviews_response.json":
                return await sandbox.AskAsync("tts/review", fields, new { product_id = shop.Products.First(product => product.Reviews.Count > 0).Id });
        }

        using var form = new MultipartFormDataContent { { new StringContent("1\n2"), "file_data", "ids.txt" }, { new StringContent("video"), "category" } };
        var created = await sandbox.SendAsync("/v2/research/validation_task/create/", form);
        return example == "validation_task_create_response.json" ? created
            : await sandbox.AskAsync("validation_task_status/get", null, new { task_id = created.Data.GetProperty("task_id").GetInt64() });
    }

    [Theory]
    [InlineData("http400_invalid_count_or_cursor.json", 400, SandboxError.CursorInvalid)]
    [InlineData("http401_access_token_invalid.json", 401, SandboxError.TokenInvalid)]
    [InlineData("http401_scope_not_authorized_fragment.json", 401, SandboxError.ScopeNotAuthorized)]
    [InlineData("http429_daily_quota_limit_exceeded.json", 429, SandboxError.DailyLimit)]
    public async Task Errors_have_the_recorded_status_code_and_text(string recording, int status, SandboxError error)
    {
        var recorded = Recorded(recording);
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        sandbox.Server.Script.Enqueue(SandboxMatch.VideoQuery, SandboxReply.Error(error));
        var reply = await sandbox.VideosAsync(Dkpol());
        reply.Status.ShouldBe(status);
        reply.Code.ShouldBe(recorded.GetProperty("error").GetProperty("code").GetString());
        reply.ErrorText.ShouldBe(recorded.GetProperty("error").GetProperty("message").GetString());
        // One recording is a fragment without data, another lost its log_id: ours may say more, never less.
        Shape(recorded).Except(Shape(reply.Root), StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("api_videos_response_page_1_of_2.json")]
    [InlineData("api_videos_response_unicode_with_null_bytes.json")]
    public async Task A_recorded_page_goes_out_byte_for_byte(string recording)
    {
        var bytes = Recordings.Read(Path.Combine("recorded", recording));
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        sandbox.Server.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Bytes(200, bytes));
        var reply = await sandbox.VideosAsync(Dkpol());
        (await reply.Message.Content.ReadAsByteArrayAsync()).ShouldBe(bytes);
    }

    private static double Share(IReadOnlyCollection<JsonElement> videos, string field) =>
        videos.Count(video => video.TryGetProperty(field, out _)) / (double)videos.Count;

    private static double Blanks(IReadOnlyCollection<JsonElement> videos) =>
        videos.Count(video => video.GetProperty("video_description").GetString()!.EndsWith(' ')) / (double)videos.Count;

    private static IReadOnlyList<string> Shape(JsonElement element) =>
        [.. element.EnumerateObject().Select(member => $"{member.Name}: {Kind(member.Value)}").Order(StringComparer.Ordinal)];

    private static Dictionary<string, string> Types(IEnumerable<JsonElement> items)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in items.SelectMany(item => item.EnumerateObject()))
        {
            types[member.Name] = Kind(member.Value);
        }

        return types;
    }

    private static string Kind(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "Boolean" : value.ValueKind.ToString();

    private static JsonElement Recorded(string name) => JsonDocument.Parse(Recordings.Read(Path.Combine("recorded", name))).RootElement;
}
