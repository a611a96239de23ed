using System.Security.Cryptography;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using StackExchange.Redis;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Turns among brokers: <c>tiktok:renewal:{credential_id}</c> in Redis names the holder, who keeps it alive; a holder that died loses it by itself.</summary>
internal sealed class RedisRenewalLock(RedisConnection redis, TimeProvider clock) : IRenewalLock
{
    private const string ExtendOwn = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";
    private const string DeleteOwn = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    /// <summary>How long a turn lasts without a sign of life; the holder gives three in that time.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(9);

    /// <inheritdoc/>
    public async Task<IAsyncDisposable?> TryTakeAsync(CredentialKey key, CancellationToken cancellationToken)
    {
        RedisKey name = $"tiktok:renewal:{RedisName.Of(key.LabId, key.CredentialId)}";
        var owner = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        try
        {
            return await redis.AskAsync(database => database.StringSetAsync(name, owner, Lease, When.NotExists), cancellationToken) ? new Turn(this, name, owner, clock) : null;
        }
        catch (MeshException away)
        {
            throw new MeshException(ErrorReason.Unavailable, $"No token can be asked for now, because it cannot be agreed whose turn it is: {away.Message}", away) { RetryAfter = AskAgain };
        }
    }

    /// <summary>Whether the key was still the owner's; null when nobody answered.</summary>
    private async Task<bool?> TryAsync(string script, RedisKey name, RedisValue[] values)
    {
        try
        {
            return (bool)await redis.AskAsync(database => database.ScriptEvaluateAsync(script, [name], values), CancellationToken.None);
        }
        catch (MeshException)
        {
            return null;
        }
    }

    private sealed class Turn : IAsyncDisposable
    {
        private readonly RedisRenewalLock turns;
        private readonly RedisKey name;
        private readonly string owner;
        private readonly PeriodicTimer timer;
        private readonly Task living;

        public Turn(RedisRenewalLock turns, RedisKey name, string owner, TimeProvider clock)
        {
            (this.turns, this.name, this.owner) = (turns, name, owner);
            timer = new(turns.Lease / 3, clock);
            living = LiveAsync();
        }

        public async ValueTask DisposeAsync()
        {
            timer.Dispose();
            await living;
            await turns.TryAsync(DeleteOwn, name, [owner]);
        }

        /// <summary>Once another may have it, there is nothing to keep.</summary>
        private async Task LiveAsync()
        {
            while (await timer.WaitForNextTickAsync() && await turns.TryAsync(ExtendOwn, name, [owner, (long)turns.Lease.TotalMilliseconds]) is not false)
            {
            }
        }
    }
}
