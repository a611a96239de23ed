namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Which of a page's items leave the quarantine, decided from how the page reads now.</summary>
internal sealed record QuarantineRelease
{
    /// <summary>Positions that leave; −1 is the page as a whole.</summary>
    public required IReadOnlyList<int> Positions { get; init; }

    /// <summary>Items that are kept now.</summary>
    public required IReadOnlyList<NormalizedItem> Items { get; init; }

    /// <summary>Items that go into quarantine one by one, because the page was there as a whole.</summary>
    public required IReadOnlyList<BadItem> BadItems { get; init; }

    /// <summary>Items that stay, of those that were tried.</summary>
    public required int Remaining { get; init; }

    private bool WholePage => Positions.Any(position => position < 0);

    /// <summary>Decides about the positions that are held.</summary>
    public static QuarantineRelease Of(NormalizedPage page, IReadOnlyCollection<int> held)
    {
        var readable = page.Items.Select(item => item.Position).ToHashSet();
        HashSet<int> released = [.. held.Where(position => position < 0 ? !page.BadItems.Any(bad => bad.Position < 0) : readable.Contains(position))];
        var wholePage = released.Any(position => position < 0);
        IReadOnlyList<BadItem> badItems = wholePage ? page.BadItems : [];
        return new()
        {
            Positions = [.. released],
            Items = [.. page.Items.Where(item => wholePage || released.Contains(item.Position))],
            BadItems = badItems,
            Remaining = held.Count - released.Count + badItems.Count,
        };
    }

    /// <summary>The page's counts once <paramref name="change"/> has been made of the items.</summary>
    public PageCounts CountsAfter(PageCounts before, PageChange change) => new(
        WholePage ? change.Counts.Received : before.Received,
        before.New + change.Counts.New,
        before.Updated + change.Counts.Updated,
        before.Unattributed + change.Counts.Unattributed,
        before.Quarantined - Positions.Count + change.Counts.Quarantined);
}
