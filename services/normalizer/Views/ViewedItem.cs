namespace IssueObservatory.Mesh.Normalizer;

/// <summary>A record or document with what it is to each selection that holds it.</summary>
/// <param name="Stored">What is known of it.</param>
/// <param name="Holders">The selections that hold it, in the order in which they were asked.</param>
/// <param name="Sequence">Its latest change.</param>
/// <param name="Names">Its names; read only when a selection may identify.</param>
internal sealed record ViewedItem(StoredItem Stored, IReadOnlyList<(RecordSelection Selection, Membership Membership)> Holders, long Sequence, KeptNames? Names = null)
{
    /// <summary>Whether somebody who asked for it may see its names.</summary>
    public bool MayBeNamed => Holders.Any(holder => holder.Selection.Identified);

    /// <summary>The thing as those holders see it that want its language; null when none does.</summary>
    public static ViewedItem? Of(StoredItem stored, long sequence, List<(RecordSelection Selection, Membership Membership)> holders)
    {
        holders.RemoveAll(holder => !holder.Selection.Wants(stored.Language));
        return holders.Count == 0 ? null : new(stored, holders, sequence);
    }

    /// <summary>The items, those that may be named with their names, where there are any; by key.</summary>
    public static IReadOnlyList<ViewedItem> WithNames(IReadOnlyList<ViewedItem> items, IReadOnlyDictionary<string, KeptNames> names) =>
        [.. items.Select(item => item.MayBeNamed && names.TryGetValue(item.Stored.Key, out var found) ? item with { Names = found } : item)];

    /// <summary>Without names: they stay out of logs.</summary>
    public override string ToString() => Stored.ToString();
}

/// <summary>Some changes, and where to go on.</summary>
/// <param name="Changes">Records and documents whose latest change lies here, in its order.</param>
/// <param name="Through">The log has been read up to here.</param>
/// <param name="More">Whether it goes on.</param>
internal sealed record ChangeBatch(IReadOnlyList<ViewedItem> Changes, long Through, bool More);

/// <summary>How many records and documents a selection holds.</summary>
/// <param name="Records">Distinct records and documents.</param>
/// <param name="ByClause">Those attributed to each clause that has any.</param>
internal sealed record SelectionCount(long Records, IReadOnlyDictionary<string, long> ByClause);
