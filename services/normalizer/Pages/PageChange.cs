namespace IssueObservatory.Mesh.Normalizer;

/// <summary>What a page changes in a lab's records: decided from what is known of its items, and written by a store as one change.</summary>
internal sealed record PageChange
{
    /// <summary>What became of the items.</summary>
    public required PageCounts Counts { get; init; }

    /// <summary>The records and documents that are new or changed, once each.</summary>
    public required IReadOnlyList<ChangedRecord> Records { get; init; }

    /// <summary>The places in the lab's change log that they take, ascending and without a hole; what a page holds twice may take two.</summary>
    public required IReadOnlyList<ChangeRow> Changes { get; init; }

    /// <summary>The counts that the page read.</summary>
    public required IReadOnlyList<ObservationRow> Observations { get; init; }

    /// <summary>The items that go into quarantine.</summary>
    public required IReadOnlyList<BadItem> BadItems { get; init; }

    /// <summary>The videos that have a record, as they are now, in the page's order.</summary>
    public required IReadOnlyList<StoredRecord> Videos { get; init; }

    /// <summary>Decides about these items of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="items">Those of its items that are kept now.</param>
    /// <param name="badItems">Those of its items that go into quarantine now.</param>
    /// <param name="known">What the store has of the page's items, by key.</param>
    /// <param name="lastSequence">The last place that the lab's change log has given.</param>
    public static PageChange Of(
        NormalizedPage page, IReadOnlyList<NormalizedItem> items, IReadOnlyList<BadItem> badItems, IReadOnlyDictionary<string, KeptRecord> known, long lastSequence)
    {
        var now = known.ToDictionary(StringComparer.Ordinal);
        List<ChangeRow> changes = [];
        List<ObservationRow> observations = [];
        var (created, updated, unattributed) = (0, 0, 0);
        foreach (var item in items)
        {
            var key = item.Stored.Key;
            var before = now.GetValueOrDefault(key);
            if (before is null && page.Refresh)
            {
                continue;
            }

            var after = After(before, item, page.Refresh, sequence: lastSequence + changes.Count + 1);
            if (!ReferenceEquals(after, before))
            {
                now[key] = after;
                changes.Add(new(after.Sequence, key));
            }

            if (item.Stored is StoredRecord { Counts: { } counts })
            {
                observations.Add(new(key, item.Position, counts));
            }

            created += before is null ? 1 : 0;
            updated += before is null ? 0 : 1;
            unattributed += item.Unattributed ? 1 : 0;
        }

        return new()
        {
            Counts = new(page.Received, created, updated, unattributed, badItems.Count),
            Records = [.. changes.Select(change => change.Key).Distinct(StringComparer.Ordinal).Select(key => new ChangedRecord(known.GetValueOrDefault(key), now[key]))],
            Changes = changes,
            Observations = observations,
            BadItems = badItems,
            Videos = VideosOf(page, now),
        };
    }

    /// <summary>The page's videos that have a record, in the page's order.</summary>
    public static IReadOnlyList<StoredRecord> VideosOf(NormalizedPage page, IReadOnlyDictionary<string, KeptRecord> known) =>
    [
        .. page.Items.Where(item => item.Stored.Type is StoredType.Video).Select(item => item.Stored.Key).Distinct(StringComparer.Ordinal)
            .Where(known.ContainsKey).Select(key => (StoredRecord)known[key].Stored),
    ];

    /// <summary>The record once it holds the item; the same object when the item says nothing new.</summary>
    private static KeptRecord After(KeptRecord? before, NormalizedItem item, bool refresh, long sequence)
    {
        var stored = before is null ? item.Stored
            : refresh ? ((StoredRecord)before.Stored).Refreshed((StoredRecord)item.Stored)
            : before.Stored.MergedWith(item.Stored);
        var document = StoredItemJson.Write(stored);
        var matches = MatchRow.With(before?.Matches ?? [], item, sequence);
        return before is not null && ReferenceEquals(matches, before.Matches) && string.Equals(document, before.Document, StringComparison.Ordinal)
            ? before
            : new(stored, document, sequence, matches);
    }
}

/// <summary>A record before and after a page.</summary>
/// <param name="Before">Null when it is new.</param>
/// <param name="After">As it is from now on.</param>
internal sealed record ChangedRecord(KeptRecord? Before, KeptRecord After)
{
    /// <summary>The rows of <see cref="After"/> that were not so before.</summary>
    public IEnumerable<MatchRow> NewMatches => After.Matches.Except(Before?.Matches ?? []);
}

/// <summary>A place in the change log.</summary>
internal readonly record struct ChangeRow(long Sequence, string Key);

/// <summary>Counts at one time.</summary>
/// <param name="Key">Of the video or comment.</param>
/// <param name="Position">Its place in the page.</param>
/// <param name="Counts">The counts, with their time.</param>
internal sealed record ObservationRow(string Key, int Position, EngagementCounts Counts);
