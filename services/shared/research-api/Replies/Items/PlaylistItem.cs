using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What one page of a playlist says of it: <see cref="PageFacts.Data"/>. Its videos are also the items of the page.</summary>
public sealed record PlaylistItem : IResearchItem<PlaylistItem>
{
    public required string PlaylistId { get; init; }

    public string? Name { get; init; }

    public DateTimeOffset? LastUpdated { get; init; }

    /// <summary>Videos in the whole playlist.</summary>
    public long? ItemTotal { get; init; }

    /// <summary>Videos of this page.</summary>
    public IReadOnlyList<string>? VideoIds { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    static NameTable IResearchItem<PlaylistItem>.Names { get; } =
        new("playlist_id", "playlist_name", "playlist_last_updated", "playlist_item_total", "playlist_video_ids", "cursor", "has_more");

    /// <summary>The id only: its name stays out of logs.</summary>
    public override string ToString() => $"playlist {PlaylistId}";

    static PlaylistItem? IResearchItem<PlaylistItem>.Of(ref LenientFields fields) => fields.Id("playlist_id"u8) is not { } id ? null : new()
    {
        PlaylistId = id,
        Name = fields.Text("playlist_name"u8),
        LastUpdated = fields.Time("playlist_last_updated"u8),
        ItemTotal = fields.Count("playlist_item_total"u8),
        VideoIds = fields.Ids("playlist_video_ids"u8),
        UnreadableFields = fields.Unreadable,
        UnknownFields = fields.Unknown,
    };
}
