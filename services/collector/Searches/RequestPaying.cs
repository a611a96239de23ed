namespace IssueObservatory.Mesh.Collector;

/// <summary>What a request costs whom, from its beginning to its end without a page: pure, from the search as it is kept.</summary>
internal static class RequestPaying
{
    /// <summary>The request is about to be sent. Refused unless the search stands where the caller saw it and somebody pays; those who cannot have reached their limit.</summary>
    public static (bool Begun, LabChange Change) Begin(SearchFacts facts, OpenSearch open, string grantId, Holder holder, DateTimeOffset now)
    {
        if (!facts.Search.IsUnmoved(open))
        {
            return (false, LabChange.None);
        }

        var (payer, changed) = open.Search.Kind is SearchKind.Refresh ? ("", []) : Charge([.. facts.Named(open.Collections)], now);
        return payer is null
            ? (false, new() { Collections = changed })
            : (true, new()
            {
                Collections = changed,
                Searches = [facts.Search with { Checkpoint = open.Checkpoint with { InFlightGrant = grantId, PaidOn = Days.DayOf(now) }, Payer = payer, Holder = holder }],
            });
    }

    /// <summary>The request certainly was never sent: the unit goes back.</summary>
    public static LabChange Abandon(SearchFacts facts, OpenSearch open, DateTimeOffset notBefore) =>
        End(facts, open, open.Checkpoint with { InFlightGrant = "", PaidOn = null, NotBefore = notBefore }, payer => DailyUnits.GiveBack(payer, facts.Search.Checkpoint.PaidOn));

    /// <summary>Nobody knows what became of the request: the unit stays spent, and the request may be sent again as another attempt. A check is not worth another unit.</summary>
    public static LabChange Forget(SearchFacts facts, OpenSearch open)
    {
        var change = End(facts, open, open.Checkpoint with { InFlightGrant = "", PaidOn = null, Attempt = open.Checkpoint.Attempt + 1 }, payer => payer with { Failed = payer.Failed + 1 });
        return facts.Search.Search.Twin is null ? change : change with { Searches = [.. change.Searches.Select(search => search with { Status = SearchStatus.Closed })] };
    }

    /// <summary>The governor knows now what became of the grant.</summary>
    public static LabChange NoteTold(SearchFacts facts, OpenSearch open) =>
        facts.Search.Checkpoint.Untold is { } untold && untold == open.Checkpoint.Untold
            ? new() { Searches = [facts.Search with { Checkpoint = facts.Search.Checkpoint with { Untold = null } }] }
            : LabChange.None;

    private static LabChange End(SearchFacts facts, OpenSearch open, Checkpoint next, Func<CollectionRecord, CollectionRecord> settle) =>
        !facts.Search.IsInFlight(open)
            ? LabChange.None
            : new()
            {
                Collections = [.. facts.Named([facts.Search.Payer]).Select(payer => payer.Changed(settle(payer)))],
                Searches = [facts.Search with { Checkpoint = next }],
            };

    /// <summary>Charges the first active collection that has units left; those before it have reached their limit, or rest until tomorrow. Whoever waited for this search waits no longer.</summary>
    private static (string? Payer, IReadOnlyList<CollectionRecord> Changed) Charge(IReadOnlyList<CollectionRecord> candidates, DateTimeOffset now)
    {
        string? payer = null;
        List<CollectionRecord> changed = [];
        foreach (var before in candidates.Where(candidate => candidate.IsActive))
        {
            var after = before.WaitingFor.Length > 0 ? before with { State = V1.CollectionState.Running, WaitingFor = "", WaitingUntil = null } : before;
            if (payer is null && !DailyUnits.Rests(after, now))
            {
                var canPay = after.MaxUnits == 0 || after.Sent < after.MaxUnits;
                (payer, after) = canPay ? (after.CollectionId, DailyUnits.Pay(after, now)) : (null, after with { LimitReached = true });
            }

            if (after != before)
            {
                changed.Add(before.Changed(after));
            }
        }

        return (payer, changed);
    }
}
