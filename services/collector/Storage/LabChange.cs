namespace IssueObservatory.Mesh.Collector;

/// <summary>What a decision makes of a lab's rows. A store writes all of it or nothing, each row as it stands here.</summary>
internal sealed record LabChange
{
    public static readonly LabChange None = new();

    /// <summary>Collections that were there before.</summary>
    public IReadOnlyList<CollectionRecord> Collections { get; init; } = [];

    /// <summary>Searches that were there before.</summary>
    public IReadOnlyList<SearchRecord> Searches { get; init; } = [];

    /// <summary>Searches to be made; one that is there already stays as it is.</summary>
    public IReadOnlyList<SearchRecord> NewSearches { get; init; } = [];

    /// <summary>Days that have come to be known otherwise than before.</summary>
    public IReadOnlyList<ClauseDay> Coverage { get; init; } = [];

    /// <summary>How the reading of a list ended; null when none has.</summary>
    public ListRead? List { get; init; }

    /// <summary>What has come to be known of a class, for every lab; null when nothing has.</summary>
    public BlackoutChange? Blackouts { get; init; }

    /// <summary>What the lab has learnt of merging a class; null when nothing.</summary>
    public MergeLearnt? Merging { get; init; }

    /// <summary>A page to be kept; null when there is none.</summary>
    public KeptPage? Page { get; init; }
}

/// <summary>What is known of a clause on a day, and from which search.</summary>
internal sealed record ClauseDay(string ClauseId, CoveredDay Day, string SearchId);

/// <summary>What is known of merging a class now.</summary>
internal sealed record MergeLearnt(V1.ClauseClass Class, MergeKnowledge Knowledge);

/// <summary>A page, the ids of its videos and the collection that paid for it.</summary>
internal sealed record KeptPage(RawPage Page, IReadOnlyList<string> VideoIds, string Payer)
{
    /// <summary>What TikTok should hear of; UNSPECIFIED: nothing.</summary>
    public V1.IncidentKind Incident { get; init; }
}
