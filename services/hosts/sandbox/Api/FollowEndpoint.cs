using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary><c>POST /v2/research/user/followers/</c> and <c>…/following/</c>: newest first, the cursor is a Unix second, "on or before".</summary>
internal sealed class FollowEndpoint(SandboxWorld world, Envelope envelope, SeededRandom random)
{
    private const int MostListed = 400;

    public Answer Answer(WireCall call, bool followers, DateTimeOffset now)
    {
        var errors = new List<string>();
        var username = UserBody.Username(call.Body, errors);
        if (errors.Count > 0)
        {
            return envelope.InvalidParams("Invalid parameters: " + string.Join("; ", errors));
        }

        var (maxCount, cursor) = Page(call.Body);
        if (maxCount is < 1 or > 100 || cursor < 0)
        {
            return envelope.Error(SandboxError.CursorInvalid);
        }

        if (UserBody.Refusal(world, username, envelope) is { } refusal)
        {
            return refusal;
        }

        // 0 means now, although 1970 is "on or before" nothing.
        var until = cursor == 0 ? now.ToUnixTimeSeconds() : cursor;
        var rest = List(world.FindCreator(username)!, followers).Where(entry => entry.Since <= until).ToList();
        var page = rest.Take((int)maxCount).ToList();
        var data = JsonBody.Shuffled(random,
        [
            // The list's key is left out when there is nothing to list.
            new(followers ? "user_followers" : "user_following", page.Count == 0 ? null : new JsonArray([.. page.Select(Item)])),
            new("cursor", rest.Count > page.Count ? rest[page.Count].Since : page.Count > 0 ? page[^1].Since : until),
            new("has_more", rest.Count > page.Count),
        ]);
        return envelope.Ok(data, page.Count);
    }

    private static (long MaxCount, long Cursor) Page(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return (Read("max_count", 20), Read("cursor", 0));

        long Read(string name, long absent) => !document.RootElement.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
            ? absent
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : -1;
    }

    private JsonObject Item((long Since, SandboxCreator Creator) entry) => JsonBody.Shuffled(random,
    [
        new("username", entry.Creator.Username),
        new("display_name", entry.Creator.DisplayName),
    ]);

    private IEnumerable<(long Since, SandboxCreator Creator)> List(SandboxCreator owner, bool followers)
    {
        var everybody = world.Creators;
        var chance = new SeededRandom(SeededRandom.Mix(owner.Username.Length, owner.Username.Sum(character => character), followers ? 1 : 2));
        var since = new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        for (var i = 0; i < Math.Min(MostListed, followers ? owner.Followers : owner.Following); i++)
        {
            since -= chance.Next(60, 200_000);
            yield return (since, chance.Pick(everybody));
        }
    }
}
