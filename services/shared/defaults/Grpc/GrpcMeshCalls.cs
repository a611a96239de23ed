using Grpc.Core;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Calls to one other service: they carry the internal key, and their failures come as <see cref="MeshException"/>.</summary>
internal sealed class GrpcMeshCalls(string service, string caller, InternalKey key, Func<CallInvoker> connect) : CallInvoker
{
    // The address is known only after the host has started, and clients are made before.
    private readonly Lazy<CallInvoker> connected = new(connect);

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var failures = new GrpcFailures(service, options.CancellationToken);
        try
        {
            return connected.Value.BlockingUnaryCall(method, host, Prove(options), request);
        }
        catch (RpcException failed)
        {
            throw failures.Translate(failed);
        }
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var failures = new GrpcFailures(service, options.CancellationToken);
        var call = connected.Value.AsyncUnaryCall(method, host, Prove(options), request);
        return new AsyncUnaryCall<TResponse>(failures.Of(call.ResponseAsync), _ => failures.Of(call.ResponseHeadersAsync), _ => call.GetStatus(), _ => call.GetTrailers(), _ => call.Dispose(), this);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var failures = new GrpcFailures(service, options.CancellationToken);
        var call = connected.Value.AsyncServerStreamingCall(method, host, Prove(options), request);
        return new AsyncServerStreamingCall<TResponse>(failures.Of(call.ResponseStream), _ => failures.Of(call.ResponseHeadersAsync), _ => call.GetStatus(), _ => call.GetTrailers(), _ => call.Dispose(), this);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var failures = new GrpcFailures(service, options.CancellationToken);
        var call = connected.Value.AsyncClientStreamingCall(method, host, Prove(options));
        return new AsyncClientStreamingCall<TRequest, TResponse>(failures.Of(call.RequestStream), failures.Of(call.ResponseAsync), _ => failures.Of(call.ResponseHeadersAsync), _ => call.GetStatus(), _ => call.GetTrailers(), _ => call.Dispose(), this);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var failures = new GrpcFailures(service, options.CancellationToken);
        var call = connected.Value.AsyncDuplexStreamingCall(method, host, Prove(options));
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(failures.Of(call.RequestStream), failures.Of(call.ResponseStream), _ => failures.Of(call.ResponseHeadersAsync), _ => call.GetStatus(), _ => call.GetTrailers(), _ => call.Dispose(), this);
    }

    private CallOptions Prove(CallOptions options)
    {
        // A copy: the caller's headers may be used for several calls.
        Metadata headers = [];
        foreach (var header in options.Headers ?? [])
        {
            headers.Add(header);
        }

        headers.Add(GrpcLab.KeyHeader, key.Key.Reveal());
        headers.Add(GrpcLab.CallerHeader, caller);
        return options.WithHeaders(headers);
    }
}
