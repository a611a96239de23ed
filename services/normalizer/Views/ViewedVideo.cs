namespace IssueObservatory.Mesh.Normalizer;

/// <summary>A video with what it is to each selection that holds it.</summary>
/// <param name="Video">The video.</param>
/// <param name="Holders">The selections that hold it, in the order in which they were asked.</param>
/// <param name="Sequence">Its latest change.</param>
/// <param name="Username">The author's name; read only when a selection may identify.</param>
internal sealed record ViewedVideo(StoredVideo Video, IReadOnlyList<(RecordSelection Selection, Membership Membership)> Holders, long Sequence, string? Username)
{
    /// <summary>Whether somebody who asked for it may see the author's name.</summary>
    public bool MayBeNamed => Holders.Any(holder => holder.Selection.Identified);

    /// <summary>The video as those holders see it that want its language; null when none does.</summary>
    public static ViewedVideo? Of(StoredVideo video, long sequence, List<(RecordSelection Selection, Membership Membership)> holders)
    {
        holders.RemoveAll(holder => !holder.Selection.Wants(video.Caption?.Language));
        return holders.Count == 0 ? null : new(video, holders, sequence, Username: null);
    }

    /// <summary>The videos, those that may be named with their names, where there is one.</summary>
    public static IReadOnlyList<ViewedVideo> WithNames(IReadOnlyList<ViewedVideo> videos, IReadOnlyDictionary<string, string> names) =>
        [.. videos.Select(video => video.MayBeNamed && names.TryGetValue(video.Video.PlatformId, out var name) ? video with { Username = name } : video)];

    /// <summary>The video only: the name stays out of logs.</summary>
    public override string ToString() => Video.ToString();
}

/// <summary>Some changes, and where to go on.</summary>
/// <param name="Changes">Records whose latest change lies here, in its order.</param>
/// <param name="Through">The log has been read up to here.</param>
/// <param name="More">Whether it goes on.</param>
internal sealed record ChangeBatch(IReadOnlyList<ViewedVideo> Changes, long Through, bool More);

/// <summary>How many records a selection holds.</summary>
/// <param name="Records">Distinct records.</param>
/// <param name="ByClause">Attributed records of each clause that has any.</param>
internal sealed record SelectionCount(long Records, IReadOnlyDictionary<string, long> ByClause);
