using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One end of a follow edge; the other is the user who was asked about. Only public accounts are listed.</summary>
public sealed record FollowItem : IResearchItem<FollowItem>
{
    public required string Username { get; init; }

    public string? DisplayName { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    static NameTable IResearchItem<FollowItem>.Names { get; } = new("username", "display_name");

    /// <summary>No name: they stay out of logs.</summary>
    public override string ToString() => "follow edge";

    static FollowItem? IResearchItem<FollowItem>.Of(ref LenientFields fields) => fields.Text("username"u8) is not { Length: > 0 } username ? null : new()
    {
        Username = username,
        DisplayName = fields.Text("display_name"u8),
        UnreadableFields = fields.Unreadable,
        UnknownFields = fields.Unknown,
    };
}
