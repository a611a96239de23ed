namespace Grpc.Core;

/// <summary>
/// What the four call types have in common: the runtime's callbacks into a running call. They take the runtime's own
/// state as argument, so that one static delegate serves all calls.
/// </summary>
internal sealed class CallState(
    Func<object, Task<Metadata>> responseHeadersAsync,
    Func<object, Status> getStatus,
    Func<object, Metadata> getTrailers,
    Action<object> dispose,
    object state)
{
    private static readonly object Stateless = new();

    public CallState(Task<Metadata> responseHeadersAsync, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
        : this(_ => responseHeadersAsync, _ => getStatus(), _ => getTrailers(), _ => dispose(), Stateless)
    {
    }

    public Task<Metadata> ResponseHeadersAsync => responseHeadersAsync(state);

    public Status Status => getStatus(state);

    public Metadata Trailers => getTrailers(state);

    public void Dispose() => dispose(state);
}
