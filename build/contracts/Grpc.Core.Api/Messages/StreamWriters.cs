namespace Grpc.Core;

/// <summary>A stream of messages to write. Await each write before the next; a pending write is the flow control.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Null means the call's own options.</summary>
    WriteOptions? WriteOptions { get; set; }

    Task WriteAsync(T message);

    /// <summary>Cancelling a pending write cancels the whole call.</summary>
    /// <exception cref="NotSupportedException">The token can be cancelled and this writer only knows the other overload.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? throw new NotSupportedException("This stream writer does not support cancellation of a write.")
        : WriteAsync(message);
}

/// <summary>The client's side of a request stream.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Tells the server that no more messages follow.</summary>
    Task CompleteAsync();
}

/// <summary>The server's side of a response stream. It ends when the handler returns.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}
