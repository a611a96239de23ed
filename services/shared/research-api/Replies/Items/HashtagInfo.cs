namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A hashtag with its number and what TikTok says of it.</summary>
public sealed record HashtagInfo(string? HashtagId, string? HashtagName, string? HashtagDescription)
{
    internal static readonly NameTable Names = new("hashtag_id", "hashtag_name", "hashtag_description");

    internal static HashtagInfo Of(LenientFields fields) => new(fields.Id("hashtag_id"u8), fields.Text("hashtag_name"u8), fields.Text("hashtag_description"u8));
}
