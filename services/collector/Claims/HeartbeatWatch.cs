namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Judges whether another process is gone: its heartbeat stood still for a while. The while is measured on the judge's own clock between two looks
/// at the store, so it does not matter what anybody else's clock shows, or how long either of them slept. Pure.
/// </summary>
internal sealed class HeartbeatWatch(TimeSpan goodFor)
{
    private readonly Dictionary<string, Seen> seen = new(StringComparer.Ordinal);
    private TimeSpan lastLook;

    /// <summary>What the store says now.</summary>
    /// <param name="heartbeats">All of them.</param>
    /// <param name="askedAt">When the store was asked, not when it answered: a judge that slept in between has seen nothing of that time.</param>
    public void Look(IEnumerable<Heartbeat> heartbeats, TimeSpan askedAt)
    {
        lastLook = askedAt;
        foreach (var heartbeat in heartbeats)
        {
            if (!seen.TryGetValue(heartbeat.Holder.Instance, out var before) || before.Heartbeat != heartbeat)
            {
                seen[heartbeat.Holder.Instance] = new(heartbeat, askedAt);
            }
        }
    }

    /// <summary>Whether this process counts no longer: another one has its name, or its heartbeat stands still. Nobody (null) is gone.</summary>
    public bool IsGone(Holder? holder) =>
        holder is null
        || !seen.TryGetValue(holder.Instance, out var last)
        || holder.Epoch < last.Heartbeat.Holder.Epoch
        || (holder.Epoch == last.Heartbeat.Holder.Epoch && lastLook - last.Since >= goodFor);

    private sealed record Seen(Heartbeat Heartbeat, TimeSpan Since);
}
