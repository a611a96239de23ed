using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary><c>POST /v2/research/user/info/</c>: live counts, no username in the reply.</summary>
internal sealed class UserInfoEndpoint(SandboxWorld world, Envelope envelope, SeededRandom random)
{
    private static readonly string[] Fields =
        ["display_name", "bio_description", "avatar_url", "is_verified", "follower_count", "following_count", "likes_count", "video_count", "bio_url"];

    public Answer Answer(WireCall call, DateTimeOffset now)
    {
        var errors = new List<string>();
        var fields = FieldList.Read(call.Fields, Fields, errors);
        var username = UserBody.Username(call.Body, errors);
        if (errors.Count > 0)
        {
            return envelope.InvalidParams("Invalid parameters: " + string.Join("; ", errors));
        }

        if (UserBody.Refusal(world, username, envelope) is { } refusal)
        {
            return refusal;
        }

        var creator = world.FindCreator(username)!;
        var avatar = SeededRandom.Mix(creator.Username.Length, creator.Username.Sum(character => character));
        return envelope.Ok(JsonBody.Shuffled(random, fields.Select(field => KeyValuePair.Create(field, Value(creator, field, avatar, now)))), 1);
    }

    private static JsonNode? Value(SandboxCreator creator, string field, ulong avatar, DateTimeOffset now) => field switch
    {
        "display_name" => creator.DisplayName,
        "bio_description" => creator.Bio,
        // A signed link that is good for two days.
        "avatar_url" => $"https://pictures.invalid/{avatar:x16}.jpeg?x-expires={now.AddDays(2).ToUnixTimeSeconds()}",
        "is_verified" => creator.IsVerified,
        "follower_count" => creator.Followers,
        "following_count" => creator.Following,
        "likes_count" => creator.Likes,
        "video_count" => creator.Videos,
        "bio_url" => creator.BioUrl,
        _ => null,
    };
}
