using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.Cli.Sessions;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary>Stays with a collection until it ends, and shows how it goes. When the mesh goes away, it begins again where it stopped.</summary>
internal sealed class CollectionFollower(Verb verb)
{
    private const int MostLooks = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The last that was heard of the collection; null before the first.</summary>
    public CollectionStatus? Last { get; private set; }

    /// <summary>Begins with <paramref name="begin"/> and stays; <paramref name="begin"/> is called again after every break and MUST be safe to repeat.</summary>
    /// <param name="begin">Starts, continues or just finds the collection.</param>
    /// <param name="stop">Whether to stop although the collection has not ended.</param>
    /// <param name="cancellationToken">Stops watching; the collection is not touched.</param>
    public async Task<CollectionStatus> FollowAsync(
        Func<IMeshCalls, CancellationToken, Task<CollectionStatus>> begin,
        Func<CollectionStatus, bool> stop,
        CancellationToken cancellationToken)
    {
        await using ICollectionView view = verb.Shell.ErrorIsTerminal ? new LiveCollectionView(verb.Shell) : new PlainCollectionView(verb.Shell);
        while (true)
        {
            Heard(view, await verb.Mesh.AskAsync(begin, cancellationToken));
            if (!Ends(stop))
            {
                // Connected anew, the first word is again "begin": a new host does not know that somebody waits.
                var watched = false;
                await verb.Mesh.AskAsync((mesh, stopping) => Interlocked.Exchange(ref watched, true) ? Task.FromResult(false) : WatchAsync(mesh, view, stop, stopping), cancellationToken);
            }

            if (Ends(stop))
            {
                return Last!.State.IsOver() ? Last : await SettleAsync(view, cancellationToken);
            }

            await Task.Delay(Pause, verb.Shell.Clock, cancellationToken);
        }
    }

    private async Task<bool> WatchAsync(IMeshCalls mesh, ICollectionView view, Func<CollectionStatus, bool> stop, CancellationToken cancellationToken)
    {
        using var call = mesh.Arena.WatchCollection(new() { CollectionId = Last!.CollectionId }, cancellationToken: cancellationToken);
        var heard = false;
        try
        {
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                heard = true;
                Heard(view, call.ResponseStream.Current.Status);
                if (Ends(stop))
                {
                    return true;
                }
            }
        }
        catch (ConnectionLostException) when (heard)
        {
            // It worked until now: that is no failed try, but a break.
        }

        return heard;
    }

    // The pages of a collection that stands still are normalised in a moment: the last numbers should hold them.
    private async Task<CollectionStatus> SettleAsync(ICollectionView view, CancellationToken cancellationToken)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            var before = Last!.Records;
            await Task.Delay(Pause, verb.Shell.Clock, cancellationToken);
            Heard(view, await verb.Mesh.AskAsync(
                async (mesh, stopping) => (await mesh.Arena.GetCollectionAsync(new() { CollectionId = Last.CollectionId }, cancellationToken: stopping)).Status,
                cancellationToken));
            if (Equals(before, Last.Records))
            {
                break;
            }
        }

        return Last!;
    }

    private bool Ends(Func<CollectionStatus, bool> stop) => Last!.State.IsOver() || stop(Last);

    private void Heard(ICollectionView view, CollectionStatus status)
    {
        Last = status;
        view.Show(status);
    }
}
