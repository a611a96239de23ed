using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Cli.Sessions;

/// <summary>Calls to the callers' port: they carry our key, and their failures come in our own words.</summary>
internal sealed class GrpcCallerCalls(GrpcChannel channel, Secret<string> key) : CallInvoker
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    private readonly CallInvoker calls = channel.CreateCallInvoker();

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException("The command waits for nothing while it blocks.");

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = calls.AsyncUnaryCall(method, host, Prove(options), request);
        return new(Translate(call.ResponseAsync, options.CancellationToken), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = calls.AsyncServerStreamingCall(method, host, Prove(options), request);
        return new(new Reader<TResponse>(call.ResponseStream, options.CancellationToken), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw new NotSupportedException("No call of the mesh streams from the caller.");

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw new NotSupportedException("No call of the mesh streams from the caller.");

    private static async Task<T> Translate<T>(Task<T> answer, CancellationToken cancelledByUs)
    {
        try
        {
            return await answer;
        }
        catch (RpcException failed)
        {
            throw Translate(failed, cancelledByUs);
        }
    }

    private static Exception Translate(RpcException failed, CancellationToken cancelledByUs)
    {
        if (cancelledByUs.IsCancellationRequested)
        {
            return new OperationCanceledException("The call was cancelled.", failed, cancelledByUs);
        }

        // The mesh puts details into every error of its own: what comes without them, comes from the connection.
        var isOurs = failed.Trailers.GetValueBytes(DetailsTrailer) is not null;
        return !isOurs && failed.StatusCode is (StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown)
            ? new ConnectionLostException(failed)
            : GrpcErrors.Read(failed).ToException(failed);
    }

    private CallOptions Prove(CallOptions options) => options.WithHeaders(new Metadata { { "authorization", $"Bearer {key.Reveal()}" } });

    private sealed class Reader<T>(IAsyncStreamReader<T> stream, CancellationToken cancelledByUs) : IAsyncStreamReader<T>
    {
        public T Current => stream.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) =>
            Translate(stream.MoveNext(cancellationToken), cancellationToken.IsCancellationRequested ? cancellationToken : cancelledByUs);
    }
}
