using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>User info: live counts, no username in the reply.</summary>
internal sealed class UserInfoEndpoint(SandboxWorld world) : IEndpoint
{
    private static readonly string[] Known =
        ["display_name", "bio_description", "avatar_url", "is_verified", "follower_count", "following_count", "likes_count", "video_count", "bio_url"];

    public SandboxEndpoint Kind => SandboxEndpoint.UserInfo;

    public string Path => "user/info";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(Known);
        var username = request.Text("username");
        var creator = world.FindCreator(username);
        return request.Refusal
            ?? Accounts.Refusal(creator, username)
            ?? Outcome.Ok(new(fields.Select(field => KeyValuePair.Create(field, Value(creator!, field, request.Now)))), 1);
    }

    private static JsonNode? Value(SandboxCreator creator, string field, DateTimeOffset now) => field switch
    {
        "display_name" => creator.DisplayName,
        "bio_description" => creator.Bio,
        // A signed link that is good for two days.
        "avatar_url" => $"https://pictures.invalid/{SeededRandom.Hash(creator.Username):x16}.jpeg?x-expires={now.AddDays(2).ToUnixTimeSeconds()}",
        "is_verified" => creator.IsVerified,
        "follower_count" => creator.Followers,
        "following_count" => creator.Following,
        "likes_count" => creator.Likes,
        "video_count" => creator.Videos,
        "bio_url" => creator.BioUrl,
        _ => null,
    };
}
