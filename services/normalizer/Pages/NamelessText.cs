using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>What people wrote, with the pseudonyms of those whom they mention, unless the options keep the mentions.</summary>
internal sealed class NamelessText(AuthorPseudonyms pseudonyms, NormalizerOptions options)
{
    public string Of(string text) => options.ReplaceMentions ? Mentions.Replace(text, pseudonyms.ShortOf) : text;

    public string? OrNull(string? text) => text is null ? null : Of(text);
}
