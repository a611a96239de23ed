using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using StackExchange.Redis;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>
/// Sealed tokens, in this process and, for the other brokers, in Redis: <c>tiktok:token:{credential_id}</c>, gone when the token ends.
/// Which version counts is written elsewhere; one that is not here any more is asked for again.
/// </summary>
internal sealed class RedisTokenCache(RedisConnection redis, TimeProvider clock)
{
    private const string Version = "version";
    private const string Content = "content";

    /// <summary>A broker that was paused does not replace what came later.</summary>
    private const string KeepIfNewer =
        """
        if tonumber(redis.call('HGET', KEYS[1], 'version') or '-1') >= tonumber(ARGV[1]) then
          return 0
        end
        redis.call('HSET', KEYS[1], 'version', ARGV[1], 'content', ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """;

    private readonly ConcurrentDictionary<CredentialKey, (long Version, byte[] Content)> held = new();

    /// <summary>The token of that version; null when it is not here, or Redis does not answer.</summary>
    public async Task<byte[]?> FindAsync(CredentialKey key, long version, CancellationToken cancellationToken)
    {
        if (held.TryGetValue(key, out var own) && own.Version == version)
        {
            return own.Content;
        }

        try
        {
            var kept = await redis.AskAsync(database => database.HashGetAsync(NameOf(key), [Version, Content]), cancellationToken);
            if (kept[0].IsNull || (long)kept[0] != version)
            {
                return null;
            }

            byte[] content = kept[1]!;
            held[key] = (version, content);
            return content;
        }
        catch (MeshException)
        {
            return null;
        }
    }

    /// <summary>Keeps a token until its end: here for certain, in Redis if that answers.</summary>
    public async Task KeepAsync(CredentialKey key, SealedToken token, CancellationToken cancellationToken)
    {
        held[key] = (token.Version, token.Content);
        var left = token.ExpiresAt - clock.GetUtcNow();
        if (left < TimeSpan.FromMilliseconds(1))
        {
            return;
        }

        try
        {
            await redis.AskAsync(
                database => database.ScriptEvaluateAsync(KeepIfNewer, [NameOf(key)], [token.Version, token.Content, (long)left.TotalMilliseconds]), cancellationToken);
        }
        catch (MeshException)
        {
            // The other brokers ask for one of their own.
        }
    }

    private static RedisKey NameOf(CredentialKey key) => $"tiktok:token:{RedisName.Of(key.LabId, key.CredentialId)}";
}
