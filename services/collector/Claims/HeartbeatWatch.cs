namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Judges whether another process is gone: its heartbeat stood still for a while. The while is measured on the judge's own clock between looks
/// at the store, so it does not matter what anybody else's clock shows, or how long either of them slept. Time in which the judge could not look
/// counts for little: a store that is away for everybody lets every heartbeat stand still. Pure.
/// </summary>
internal sealed class HeartbeatWatch(TimeSpan goodFor)
{
    private readonly Dictionary<string, Seen> seen = new(StringComparer.Ordinal);
    private readonly TimeSpan mostBetweenLooks = goodFor / 2;
    private TimeSpan lastLook;
    private TimeSpan watched;

    /// <summary>What the store says now.</summary>
    /// <param name="heartbeats">All of them.</param>
    /// <param name="askedAt">When the store was asked, not when it answered: a judge that slept in between has seen nothing of that time.</param>
    public void Look(IEnumerable<Heartbeat> heartbeats, TimeSpan askedAt)
    {
        var unseen = askedAt - lastLook;
        watched += unseen < mostBetweenLooks ? unseen : mostBetweenLooks;
        lastLook = askedAt;
        foreach (var heartbeat in heartbeats)
        {
            if (!seen.TryGetValue(heartbeat.Holder.Instance, out var before) || before.Heartbeat != heartbeat)
            {
                seen[heartbeat.Holder.Instance] = new(heartbeat, watched);
            }
        }
    }

    /// <summary>Whether this process counts no longer: another one has its name, or its heartbeat stands still. Nobody (null) is gone.</summary>
    public bool IsGone(Holder? holder) =>
        holder is null
        || !seen.TryGetValue(holder.Instance, out var last)
        || holder.Epoch < last.Heartbeat.Holder.Epoch
        || (holder.Epoch == last.Heartbeat.Holder.Epoch && watched - last.Since >= goodFor);

    /// <param name="Heartbeat">What the store said last.</param>
    /// <param name="Since">Since when it says so, in watched time.</param>
    private sealed record Seen(Heartbeat Heartbeat, TimeSpan Since);
}
