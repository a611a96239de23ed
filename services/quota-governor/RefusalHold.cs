namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// For how long a refusal is certain: nobody who asks for the same budget, with work of the same kind, gets a unit before, unless a report about a grant comes.
/// </summary>
/// <param name="Until">Until when, at most.</param>
/// <param name="Open">Ids of the budget's grants without outcome: a repeated call for one of them is no new question.</param>
internal sealed record RefusalHold(DateTimeOffset Until, IReadOnlyList<string> Open)
{
    /// <summary>The hold of a refusal; null when a unit may be there at any moment.</summary>
    public static RefusalHold? Of(BucketState state, ReserveDecision.Refused refused)
    {
        // A caller's cap says nothing to other callers.
        if (refused.Reason is V1.RefusalReason.InFlight or V1.RefusalReason.CallerCap)
        {
            return null;
        }

        // A unit that nobody sends comes back by itself.
        var comesBack = state.Open.Where(grant => grant.State is GrantState.Reserved).Select(grant => grant.ExpiresAt).Append(refused.RetryAt).Min();
        return new(comesBack, [.. state.Open.Select(grant => grant.GrantId)]);
    }
}
