namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>What an organisation has used of its UTC day, in two buckets; a new day begins at 00:00 UTC.</summary>
internal sealed class DailyBuckets(SandboxOptions options)
{
    private readonly Dictionary<(string Organisation, bool Follow), (DateOnly Day, int Used)> used = [];
    private DateOnly? spentDay;

    /// <summary>The day is spent for every key and both buckets, whoever did it.</summary>
    public void SpendDay(DateTimeOffset now) => spentDay = DayOf(now);

    /// <summary>Takes back <see cref="SpendDay"/>.</summary>
    public void Restore() => spentDay = null;

    public bool IsSpent(string organisation, SandboxEndpoint endpoint, DateTimeOffset now) =>
        spentDay == DayOf(now) || Used(organisation, IsFollow(endpoint), now) >= Limit(IsFollow(endpoint));

    public void Count(string organisation, SandboxEndpoint endpoint, DateTimeOffset now)
    {
        var follow = IsFollow(endpoint);
        used[(organisation, follow)] = (DayOf(now), Used(organisation, follow, now) + 1);
    }

    public int Used(string organisation, bool follow, DateTimeOffset now) =>
        used.TryGetValue((organisation, follow), out var entry) && entry.Day == DayOf(now) ? entry.Used : 0;

    public int Limit(bool follow) => follow ? options.DailyFollowRequests : options.DailyRequests;

    public IReadOnlyList<string> Organisations => [.. used.Keys.Select(key => key.Organisation).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsFollow(SandboxEndpoint endpoint) => endpoint is SandboxEndpoint.Followers or SandboxEndpoint.Following;

    private static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);
}
