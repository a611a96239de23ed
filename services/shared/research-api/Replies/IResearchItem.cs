namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What can be read out of an answer's bytes: an item of a list, or the whole of an answer that is no list.</summary>
public interface IResearchItem<TSelf>
    where TSelf : class, IResearchItem<TSelf>
{
    /// <summary>Fields that were there but could not be read (a negative count, an object where text belongs); their values are null.</summary>
    IReadOnlyList<string> UnreadableFields { get; }

    /// <summary>Fields that TikTok sent and we do not know, sorted; their values are in the item's own bytes, which are kept.</summary>
    IReadOnlyList<string> UnknownFields { get; }

    /// <summary>Every field that is known, in all its spellings.</summary>
    internal static abstract NameTable Names { get; }

    /// <summary>The item; null when the fields do not say which one it is.</summary>
    internal static abstract TSelf? Of(ref LenientFields fields);
}
