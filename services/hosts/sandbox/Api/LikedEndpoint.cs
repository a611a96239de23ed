using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Liked videos: hidden by nearly everybody; the cursor is a time in milliseconds.</summary>
internal sealed class LikedEndpoint(SandboxWorld world) : IEndpoint
{
    private static readonly IReadOnlyList<string> Known = UserVideos.Fields("favourites_count");

    public SandboxEndpoint Kind => SandboxEndpoint.Liked;

    public string Path => "user/liked_videos";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(Known);
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

        if (owner is { LikesArePublic: false, Liked: null })
        {
            // Clients report both; which of them an account gets stays the same.
            var hidden = Outcome.Invalid("This user's liked videos information cannot be returned");
            return SeededRandom.Hash(owner.Username) % 2 == 0 ? hidden : hidden with { Status = 403 };
        }

        var page = Pages.ByTime(world.LikedBy(username), like => like.Since.ToUnixTimeMilliseconds(), asked, request.Now.ToUnixTimeMilliseconds(), request.Faults.BoundaryDuplicates);
        var videos = page.Items.Select(like => like.Video).Where(video => world.IsShown(video, request.Now)).ToList();
        return Outcome.Ok(
            new() { ["user_liked_videos"] = UserVideos.List(videos, fields, request), ["cursor"] = page.Cursor, ["has_more"] = page.HasMore },
            videos.Count);
    }
}
