namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The requests of an organisation within the last minute, of those that were let through.</summary>
internal sealed class SlidingMinute
{
    private readonly Dictionary<string, Queue<DateTimeOffset>> times = new(StringComparer.Ordinal);

    /// <summary>Lets a request through, or says no; null as limit lets everything through.</summary>
    public bool Admits(string organisation, int? limit, DateTimeOffset now)
    {
        if (limit is null)
        {
            return true;
        }

        if (!times.TryGetValue(organisation, out var last))
        {
            times[organisation] = last = [];
        }

        while (last.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1))
        {
            last.Dequeue();
        }

        if (last.Count >= limit)
        {
            return false;
        }

        last.Enqueue(now);
        return true;
    }
}
