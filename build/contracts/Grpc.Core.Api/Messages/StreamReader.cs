namespace Grpc.Core;

/// <summary>
/// A stream of messages to read, one reader at a time. At a client, a call that failed ends with
/// <see cref="RpcException"/>; at a server, a stream whose client went away ends or throws and the call's token is cancelled.
/// </summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last successful <see cref="MoveNext"/> read.</summary>
    T Current { get; }

    /// <summary>True when there is another message, false at the end. Cancelling a pending read cancels the whole call.</summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

public static class AsyncStreamReaderExtensions
{
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader) where T : class
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return streamReader.MoveNext(CancellationToken.None);
    }
}
