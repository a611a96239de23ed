namespace Grpc.Core;

/// <summary>
/// A call that did not end with OK. A client receives it; a server's handler throws it to choose the status and the trailers.
/// </summary>
public class RpcException : Exception
{
    public RpcException(Status status) : this(status, Metadata.Empty, status.ToString())
    {
    }

    public RpcException(Status status, string message) : this(status, Metadata.Empty, message)
    {
    }

    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString())
    {
    }

    /// <param name="status">Its <see cref="Core.Status.DebugException"/> becomes the inner exception.</param>
    /// <param name="trailers">Sent after the status.</param>
    /// <param name="message">For people on this side; never sent.</param>
    public RpcException(Status status, Metadata trailers, string message) : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    public Status Status { get; }

    public StatusCode StatusCode => Status.StatusCode;

    public Metadata Trailers { get; }
}
