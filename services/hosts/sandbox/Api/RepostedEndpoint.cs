namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Reposted videos: the cursor is an index, and the key is the one of the documentation's example.</summary>
internal sealed class RepostedEndpoint(SandboxWorld world) : IEndpoint
{
    private static readonly IReadOnlyList<string> Known = UserVideos.Fields("favourites_count");

    public SandboxEndpoint Kind => SandboxEndpoint.Reposted;

    public string Path => "user/reposted_videos";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(Known);
        var username = request.Text("username");
        if (PageRequest.Read(request, usual: 20, out var refusal) is not { } asked)
        {
            return refusal!;
        }

        if (Accounts.Refusal(world.FindCreator(username), username) is { } unknown)
        {
            return unknown;
        }

        var page = Pages.ByIndex(world.RepostedBy(username), asked);
        var videos = page.Items.Select(repost => repost.Video).Where(video => world.IsShown(video, request.Now)).ToList();
        return Outcome.Ok(
            new() { ["reposted_videos"] = UserVideos.List(videos, fields, request), ["cursor"] = page.Cursor, ["has_more"] = page.HasMore },
            videos.Count);
    }
}
