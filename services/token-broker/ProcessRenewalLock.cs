using System.Collections.Concurrent;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Turns among those who ask in this process, where nobody else asks.</summary>
internal sealed class ProcessRenewalLock : IRenewalLock
{
    private readonly ConcurrentDictionary<CredentialKey, Turn> turns = new();

    /// <inheritdoc/>
    public Task<IAsyncDisposable?> TryTakeAsync(CredentialKey key, CancellationToken cancellationToken)
    {
        var turn = new Turn(turns, key);
        return Task.FromResult<IAsyncDisposable?>(turns.TryAdd(key, turn) ? turn : null);
    }

    private sealed class Turn(ConcurrentDictionary<CredentialKey, Turn> turns, CredentialKey key) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            // Only its own: disposed of twice, it must not end the next holder's.
            turns.TryRemove(KeyValuePair.Create(key, this));
            return ValueTask.CompletedTask;
        }
    }
}
