namespace IssueObservatory.Mesh.Normalizer;

/// <summary>What a page says, decided but not yet stored.</summary>
internal sealed record NormalizedPage
{
    /// <summary>The page.</summary>
    public required string PageId { get; init; }

    /// <summary>When it was fetched, UTC.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>Whether it changes records that exist and makes none.</summary>
    public bool Refresh { get; init; }

    /// <summary>Items in the page, readable or not.</summary>
    public int Received { get; init; }

    /// <summary>Items that can become records or documents, in the page's order; all of one type.</summary>
    public IReadOnlyList<NormalizedItem> Items { get; init; } = [];

    /// <summary>Items that cannot.</summary>
    public IReadOnlyList<BadItem> BadItems { get; init; } = [];

    /// <summary>What its items are; null when none can be read.</summary>
    public StoredType? Type => Items.Count > 0 ? Items[0].Stored.Type : null;

    /// <summary>Items whose names are kept: none of a refresh, which makes no record and so may not leave a name either.</summary>
    public IEnumerable<NormalizedItem> NamedItems => Refresh ? [] : Items.Where(item => item.Names is not null);

    /// <summary>The id only: everything else may hold names.</summary>
    public override string ToString() => $"page {PageId}";
}

/// <summary>An item that can become a record or document.</summary>
internal sealed record NormalizedItem
{
    /// <summary>Its place in the page, from 0.</summary>
    public required int Position { get; init; }

    /// <summary>What it says, without names.</summary>
    public required StoredItem Stored { get; init; }

    /// <summary>What it says of names; goes to the identified store only.</summary>
    public KeptNames? Names { get; init; }

    /// <summary>The day of the search's window that it belongs to.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The clauses that it came for.</summary>
    public IReadOnlyList<ClauseMatch> Matches { get; init; } = [];

    /// <summary>Whether a merged search returned it and none of its clauses is found in it.</summary>
    public bool Unattributed => Matches.Count > 0 && !Matches.Any(match => match.Attributed);

    /// <summary>Without names: they stay out of logs.</summary>
    public override string ToString() => $"item {Position}, {Stored}";
}

/// <summary>A clause that an item came for, and whether it is known to match it.</summary>
internal sealed record ClauseMatch(string ClauseId, bool Attributed);

/// <summary>An item that cannot become a record; position −1 is the whole page.</summary>
internal sealed record BadItem(int Position, string Reason);
