using Grpc.Core;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Failures of one call to another service, in our own words wherever they come out.</summary>
internal sealed class GrpcFailures(string service, CancellationToken cancelledByUs)
{
    internal Exception Translate(RpcException failed, CancellationToken cancelledHere = default)
    {
        if (failed.StatusCode is StatusCode.Cancelled && (cancelledByUs.IsCancellationRequested || cancelledHere.IsCancellationRequested))
        {
            return new OperationCanceledException($"The call to {service} was cancelled.", failed, cancelledByUs.IsCancellationRequested ? cancelledByUs : cancelledHere);
        }

        var error = GrpcErrors.TryRead(failed, out var ours) ? ours : About(GrpcErrors.Read(failed));
        return GrpcErrors.FromDownstream(error, failed);
    }

    internal async Task<T> Of<T>(Task<T> answer, CancellationToken cancelledHere = default)
    {
        try
        {
            return await answer;
        }
        catch (RpcException failed)
        {
            throw Translate(failed, cancelledHere);
        }
    }

    internal IAsyncStreamReader<T> Of<T>(IAsyncStreamReader<T> stream) => new Reader<T>(stream, this);

    internal IClientStreamWriter<T> Of<T>(IClientStreamWriter<T> stream) => new Writer<T>(stream, this);

    private MeshError About(MeshError error) => error with { Message = $"{service}: {error.Message}" };

    private async Task Of(Task done)
    {
        try
        {
            await done;
        }
        catch (RpcException failed)
        {
            throw Translate(failed);
        }
    }

    private sealed class Reader<T>(IAsyncStreamReader<T> stream, GrpcFailures failures) : IAsyncStreamReader<T>
    {
        public T Current => stream.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => failures.Of(stream.MoveNext(cancellationToken), cancellationToken);
    }

    private sealed class Writer<T>(IClientStreamWriter<T> stream, GrpcFailures failures) : IClientStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => stream.WriteOptions;
            set => stream.WriteOptions = value;
        }

        public Task WriteAsync(T message) => failures.Of(stream.WriteAsync(message));

        public Task WriteAsync(T message, CancellationToken cancellationToken) => failures.Of(stream.WriteAsync(message, cancellationToken));

        public Task CompleteAsync() => failures.Of(stream.CompleteAsync());
    }
}
