using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using StackExchange.Redis;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// Shows in Redis what each budget has used today, for dashboards and other arenas: <c>credential:quota:{account}:daily</c> and, for followers and following,
/// <c>credential:quota:{account}:daily:follow</c>, a whole number that ends at 00:00 UTC. Written beside the decisions, never on their way; nothing here reads it.
/// What was forgotten is shown again with the next change, or within half a minute.
/// </summary>
internal sealed class RedisQuotaMirror(
    IQuotaStore store, RedisConnection redis, QuotaChanges changes, QuotaGovernorOptions options, TimeProvider clock, IHostApplicationLifetime lifetime) : MeshWorker(lifetime)
{
    /// <summary>Of two governors the one that looked later wins, whoever writes last.</summary>
    private const string ShowIfNotOlder =
        """
        if tonumber(redis.call('GET', KEYS[2]) or '-1') > tonumber(ARGV[2]) then
          return 0
        end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
        redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
        return 1
        """;

    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    /// <summary>The key of a budget.</summary>
    public static string KeyOf(QuotaKey key) =>
        $"credential:quota:{RedisName.Of(key.LabId, key.Account)}:daily{(key.Bucket is QuotaBucket.Follow ? ":follow" : "")}";

    /// <summary>Shows a lab's budgets as they are now.</summary>
    public async Task ShowAsync(string labId, CancellationToken cancellationToken)
    {
        foreach (var (reading, sequence) in await store.ReadAsync(labId, options.DefaultAccount, cancellationToken))
        {
            var left = UtcDay.Start(reading.Day.AddDays(1)) - clock.GetUtcNow();
            var name = KeyOf(reading.Key);
            if (left > TimeSpan.FromMilliseconds(1))
            {
                await redis.AskAsync(
                    database => database.ScriptEvaluateAsync(ShowIfNotOlder, [name, $"{name}:sequence"], [reading.Used, sequence, (long)left.TotalMilliseconds]), cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var changed = changes.Next;
            foreach (var labId in changes.Labs)
            {
                try
                {
                    await ShowAsync(labId, stoppingToken);
                }
                catch (MeshException)
                {
                    // MongoDB or Redis is away, and says so itself; the next round shows what is missing.
                }
            }

            await Task.WhenAny(changed, Task.Delay(Refresh, clock, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }
}
