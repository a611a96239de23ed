using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>A playlist with the ids of its videos.</summary>
internal sealed class PlaylistEndpoint(SandboxWorld world) : IEndpoint
{
    public SandboxEndpoint Kind => SandboxEndpoint.Playlist;

    public string Path => "playlist/info";

    public Outcome Answer(ApiRequest request)
    {
        var id = request.Id("playlist_id");
        if (PageRequest.Read(request, usual: 100, out var refusal) is not { } asked)
        {
            return refusal!;
        }

        if (world.FindPlaylist(id) is not { } playlist)
        {
            return Outcome.Invalid("The playlist is invalid: cannot find the playlist");
        }

        var page = Pages.ByIndex(playlist.VideoIds, asked);
        return Outcome.Ok(
            new()
            {
                ["playlist_id"] = playlist.Id,
                ["playlist_name"] = playlist.Name,
                ["playlist_item_total"] = playlist.VideoIds.Count,
                ["playlist_last_updated"] = playlist.UpdatedAt.ToUnixTimeSeconds(),
                ["playlist_video_ids"] = new JsonArray([.. page.Items.Select(video => JsonValue.Create(video))]),
                ["cursor"] = page.Cursor,
                ["has_more"] = page.HasMore,
            },
            page.Items.Count);
    }
}
