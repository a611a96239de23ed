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
