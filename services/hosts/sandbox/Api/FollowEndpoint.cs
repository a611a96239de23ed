using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Followers, and those who are followed: newest first, the cursor is a Unix second, "on or before".</summary>
internal sealed class FollowEndpoint(SandboxWorld world, bool followers) : IEndpoint
{
    public SandboxEndpoint Kind => followers ? SandboxEndpoint.Followers : SandboxEndpoint.Following;

    public string Path => followers ? "user/followers" : "user/following";

    public Outcome Answer(ApiRequest request)
    {
        var username = request.Text("username");
        if (PageRequest.Read(request, usual: 20, out var refusal) is not { } asked)
        {
            return refusal!;
        }

        var owner = world.FindCreator(username);
        if (Accounts.Refusal(owner, username) is { } unknown)
        {
            return unknown;
        }

        if (!followers && owner!.FollowingIsPrivate)
        {
            return Outcome.Invalid("This user's following list is private");
        }

        var list = followers ? world.FollowersOf(username) : world.FollowedBy(username);
        var page = Pages.ByTime(list, follow => follow.Since.ToUnixTimeSeconds(), asked, request.Now.ToUnixTimeSeconds(), request.Faults.BoundaryDuplicates);
        return Outcome.Ok(
            new()
            {
                // The list's key is left out when there is nothing to list.
                [followers ? "user_followers" : "user_following"] = page.Items.Count == 0 ? null : new JsonArray([.. page.Items.Select(Item)]),
                ["cursor"] = page.Cursor,
                ["has_more"] = page.HasMore,
            },
            page.Items.Count);
    }

    private static JsonObject Item(SandboxFollow follow) => new()
    {
        ["username"] = follow.Creator.Username,
        ["display_name"] = follow.Creator.DisplayName,
    };
}
