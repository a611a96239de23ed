using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using StackExchange.Redis;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// Remembers in Redis what was refused, so that the next who ask need not be decided about: <c>quota:pace:{lab}:{account}:{bucket}:{kind}</c>.
/// Only a help: a report opens it, and it opens by itself after ten seconds at most, should that report have been overtaken. Without Redis it is open.
/// </summary>
internal sealed class RedisPaceGate(RedisConnection redis, TimeProvider clock)
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>The refusal that stands for a request; null when it has to be decided about.</summary>
    public async Task<ReserveResult.Refused?> FindAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        string? note;
        try
        {
            note = await redis.AskAsync(database => database.StringGetAsync(NameOf(request.Key, request.Priority)), Patience, cancellationToken);
        }
        catch (MeshException)
        {
            return null;
        }

        return Read(note) is var (refused, hold) && clock.GetUtcNow() < hold.Until && !hold.Open.Contains(request.RequestId, StringComparer.Ordinal) ? refused : null;
    }

    /// <summary>Lets those who ask with work of the same kind hear the same.</summary>
    public async Task CloseAsync(QuotaRequest request, ReserveResult.Refused refused, RefusalHold hold, CancellationToken cancellationToken)
    {
        var left = hold.Until - clock.GetUtcNow();
        if (left < TimeSpan.FromMilliseconds(1))
        {
            return;
        }

        await TryAsync(
            database => database.StringSetAsync(NameOf(request.Key, request.Priority), Write(refused, hold), left < LongestHold ? left : LongestHold), cancellationToken);
    }

    /// <summary>A report came: everybody is decided about again.</summary>
    public Task OpenAsync(QuotaKey key, CancellationToken cancellationToken) =>
        TryAsync(database => database.KeyDeleteAsync([NameOf(key, Priority.Interactive), NameOf(key, Priority.Refresh), NameOf(key, Priority.Backfill)]), cancellationToken);

    /// <summary>Each kind of work has rules of its own.</summary>
    private static RedisKey NameOf(QuotaKey key, Priority priority) =>
        $"quota:pace:{key.LabId}:{key.Account}:{QuotaNames.Of(key.Bucket)}:{QuotaNames.Of(priority)}";

    private static string Write(ReserveResult.Refused refused, RefusalHold hold) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(int)refused.Reason} {refused.RetryAt.ToUnixTimeMilliseconds()} {hold.Until.ToUnixTimeMilliseconds()} {string.Join(',', hold.Open)}");

    /// <summary>Null for a note that another version wrote.</summary>
    private static (ReserveResult.Refused Refused, RefusalHold Hold)? Read(string? note) =>
        note?.Split(' ') is [var reason, var retryAt, var until, var open]
        && int.TryParse(reason, CultureInfo.InvariantCulture, out var number)
        && ReadTime(retryAt) is { } again
        && ReadTime(until) is { } end
            ? (new((RefusalReason)number, again), new(end, open.Split(',')))
            : null;

    private static DateTimeOffset? ReadTime(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    private async Task TryAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await redis.AskAsync(ask, Patience, cancellationToken);
        }
        catch (MeshException)
        {
            // MongoDB decides without it.
        }
    }
}
