using System.Runtime.InteropServices;
using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// A video's tag, which has two spellings. What a number means depends on the endpoint that sent it: of AIGC, 1 is labelled by its creator in a video query
/// and 2 is in the lists of a user's videos.
/// </summary>
public sealed record VideoTagInfo(string? Type, long? Number)
{
    private static readonly NameTable Names = new("type", "number", "video_tag_type", "video_tag_number");

    /// <summary>The tags of <see cref="VideoItem.VideoTag"/>, which may be one or a list; none when it has another shape.</summary>
    public static IReadOnlyList<VideoTagInfo> Of(JsonElement? tag) =>
        tag is { } raw ? new LenientValue(JsonMarshal.GetRawUtf8Value(raw)).Objects(Names, Of) ?? [] : [];

    private static VideoTagInfo Of(LenientFields fields) =>
        new(fields.Text("type"u8) ?? fields.Text("video_tag_type"u8), fields.Count("number"u8) ?? fields.Count("video_tag_number"u8));
}
