namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>What a client key has used of its UTC day, in two buckets; a new day begins at 00:00 UTC.</summary>
internal sealed class DailyBuckets(SandboxOptions options)
{
    private readonly Dictionary<(string ClientKey, bool Follow), (DateOnly Day, int Used)> used = [];
    private DateOnly? spentDay;

    /// <summary>The day is spent for every key and both buckets, whoever did it.</summary>
    public void SpendDay(DateTimeOffset now) => spentDay = DayOf(now);

    /// <summary>Takes back <see cref="SpendDay"/>.</summary>
    public void Restore() => spentDay = null;

    public bool IsSpent(string clientKey, SandboxEndpoint endpoint, DateTimeOffset now) =>
        spentDay == DayOf(now) || Used(clientKey, IsFollow(endpoint), now) >= Limit(IsFollow(endpoint));

    public void Count(string clientKey, SandboxEndpoint endpoint, DateTimeOffset now)
    {
        var follow = IsFollow(endpoint);
        used[(clientKey, follow)] = (DayOf(now), Used(clientKey, follow, now) + 1);
    }

    public int Used(string clientKey, bool follow, DateTimeOffset now) =>
        used.TryGetValue((clientKey, follow), out var entry) && entry.Day == DayOf(now) ? entry.Used : 0;

    public int Limit(bool follow) => follow ? options.DailyFollowRequests : options.DailyRequests;

    public IReadOnlyList<string> ClientKeys => [.. used.Keys.Select(key => key.ClientKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsFollow(SandboxEndpoint endpoint) => endpoint is SandboxEndpoint.Followers or SandboxEndpoint.Following;

    private static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);
}
