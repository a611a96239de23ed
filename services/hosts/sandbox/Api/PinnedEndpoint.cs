namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Pinned videos: at most a few, and no pages.</summary>
internal sealed class PinnedEndpoint(SandboxWorld world) : IEndpoint
{
    private static readonly IReadOnlyList<string> Known = UserVideos.Fields("favorites_count");

    public SandboxEndpoint Kind => SandboxEndpoint.Pinned;

    public string Path => "user/pinned_videos";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(Known);
        var username = request.Text("username");
        if ((request.Refusal ?? Accounts.Refusal(world.FindCreator(username), username)) is { } refusal)
        {
            return refusal;
        }

        var videos = world.PinnedBy(username).Where(video => world.IsShown(video, request.Now)).ToList();
        return Outcome.Ok(new() { ["pinned_videos_list"] = UserVideos.List(videos, fields, request) }, videos.Count);
    }
}
