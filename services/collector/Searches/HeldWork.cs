using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// What is held up for now. What holds up one lab does not hold up the others, nor one budget of it the other; and a refusal that speaks of one kind of work,
/// or of one caller, holds up nothing else.
/// </summary>
internal sealed class HeldWork
{
    private readonly HashSet<(string LabId, QuotaBucket Bucket, Priority? Kind, string? Caller)> held = [];

    /// <summary>Whether anything is.</summary>
    public bool Any => held.Count > 0;

    /// <summary>A search could not send its next request, by this refusal; null: by something else.</summary>
    public void Add(OpenSearch open, RefusalReason? refusal)
    {
        var search = open.Search;
        var (kinds, caller) = refusal switch
        {
            RefusalReason.CallerCap => ((Priority?[])[null], open.Caller),
            RefusalReason.RefreshDue or RefusalReason.Reserved => ([search.Priority], null),

            // The pace of background work is one.
            RefusalReason.Paced when search.Priority is not Priority.Interactive => ([Priority.Refresh, Priority.Backfill], null),
            _ => ([null], null),
        };
        held.UnionWith(kinds.Select(kind => (search.LabId, search.Bucket, kind, caller)));
    }

    /// <summary>Whether a search would only hear the same.</summary>
    public bool Holds(OpenSearch open) =>
        held.Contains((open.Search.LabId, open.Search.Bucket, null, null))
        || held.Contains((open.Search.LabId, open.Search.Bucket, open.Search.Priority, null))
        || held.Contains((open.Search.LabId, open.Search.Bucket, null, open.Caller));
}
