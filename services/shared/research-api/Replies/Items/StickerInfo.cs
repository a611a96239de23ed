namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Text laid over a video.</summary>
public sealed record StickerInfo(string? StickerId, string? StickerName)
{
    internal static readonly NameTable Names = new("sticker_id", "sticker_name");

    internal static StickerInfo Of(LenientFields fields) => new(fields.Id("sticker_id"u8), fields.Text("sticker_name"u8));
}
