using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// What a sender of requests reports to other services. Who cannot be told does not cost us the page: a grant that is not marked SENT is taken back by the governor
/// itself, one that is stays charged, a token that TikTok refused is refused again, and the sweep announces a page again.
/// </summary>
internal sealed partial class Reports(ILogger logger)
{
    private readonly ConcurrentQueue<Func<CancellationToken, Task>> untold = new();

    /// <summary>Tells now, or before the next request.</summary>
    public Task<bool> TellAsync(Func<CancellationToken, Task> tell, CancellationToken cancellationToken) => TellAsync(tell, tell, cancellationToken);

    /// <summary>False when nobody took it now.</summary>
    /// <param name="tell">The report.</param>
    /// <param name="later">The same when it is made later; TikTok's clock says nothing then.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public async Task<bool> TellAsync(Func<CancellationToken, Task> tell, Func<CancellationToken, Task> later, CancellationToken cancellationToken)
    {
        try
        {
            await tell(cancellationToken);
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
            untold.Enqueue(later);
            Log.ToldLater(logger);
            return false;
        }
        catch (MeshException refused)
        {
            Log.NotTold(logger, refused.Reason);
        }

        return true;
    }

    /// <summary>Reports that nobody took are made again before the next request: a grant without an outcome keeps others waiting for minutes.</summary>
    public async Task TellAgainAsync(CancellationToken cancellationToken)
    {
        for (var left = untold.Count; left > 0 && untold.TryDequeue(out var tell); left--)
        {
            await TellAsync(tell, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What became of a request could not be told now; the page is kept, and it is told before the next request.")]
        public static partial void ToldLater(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "What became of a request could not be told ({Reason}); the page is kept all the same.")]
        public static partial void NotTold(ILogger logger, ErrorReason reason);
    }
}
