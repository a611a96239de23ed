using System.Threading.Channels;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// Turns one long synchronous read into an asynchronous stream: SQLite's snapshot lives on one thread for as long as it is read.
/// At most two batches wait for the reader, so memory stays bounded however slow it is.
/// </summary>
internal static class SnapshotStream
{
    private const int Ahead = 2;

    /// <summary>Runs <paramref name="read"/> on a thread of its own; it emits batches and is stopped when the consumer leaves.</summary>
    public static async IAsyncEnumerable<T> Of<T>(Func<Action<T>, CancellationToken, Task> read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var room = new SemaphoreSlim(Ahead);
        var batches = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var reading = Task.Factory.StartNew(Read, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                yield return batch;
                room.Release();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task Read()
        {
            try
            {
                await read(Emit, stop.Token);
                batches.Writer.Complete();
            }
            catch (Exception failure)
            {
                // The consumer sees the failure when it has taken what came before.
                batches.Writer.TryComplete(failure);
                throw;
            }
        }

        void Emit(T batch)
        {
            room.Wait(stop.Token);
            batches.Writer.TryWrite(batch);
        }
    }
}
