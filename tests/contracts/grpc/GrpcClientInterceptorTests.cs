using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>Interceptors in front of a channel.</summary>
public sealed class GrpcClientInterceptorTests
{
    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public async Task An_interceptor_adds_the_identity_to_every_kind_of_call()
    {
        var callers = new ConcurrentQueue<string?>();
        await using var mesh = await GrpcLoopback.Start(server: options => options.Interceptors.Add<CallerRecorder>(callers));
        var client = new EchoClient(mesh.Channel.Intercept(new Identity("arena", _log)));

        await GrpcServerInterceptorTests.CallAll(client);
        client.Say("blocking");

        callers.ShouldBe(["arena", "arena", "arena", "arena", "arena"]);
        _log.ShouldBe(["arena Unary", "arena ClientStreaming", "arena ServerStreaming", "arena DuplexStreaming", "arena blocking"]);
    }

    [Fact]
    public async Task The_first_interceptor_is_the_outermost_and_a_later_layer_goes_in_front()
    {
        await using var mesh = await GrpcLoopback.Start();
        var invoker = mesh.Channel
            .Intercept(new Identity("second", _log), new Identity("third", _log))
            .Intercept(new Identity("first", _log));

        await new EchoClient(invoker).SayAsync("x");

        _log.ShouldBe(["first Unary", "second Unary", "third Unary"]);
    }

    [Fact]
    public async Task A_function_can_rewrite_the_headers()
    {
        var callers = new ConcurrentQueue<string?>();
        await using var mesh = await GrpcLoopback.Start(server: options => options.Interceptors.Add<CallerRecorder>(callers));
        var client = new EchoClient(mesh.Channel.Intercept(headers =>
            [new Metadata.Entry("x-caller", $"{headers.GetValue("x-caller")}+")]));

        await GrpcServerInterceptorTests.CallAll(client);
        client.Say("blocking", new CallOptions(new Metadata { { "x-caller", "own" } }));

        callers.ShouldBe(["+", "+", "+", "+", "own+"]);
    }

    [Fact]
    public async Task An_interceptor_sees_how_a_call_ended()
    {
        await using var mesh = await GrpcLoopback.Start(new EchoHandlers
        {
            Say = (request, context) =>
            {
                context.ResponseTrailers.Add("x-trailer", "t");
                return request == "bad"
                    ? throw new RpcException(new Status(StatusCode.NotFound, "no such thing"))
                    : Task.FromResult(request);
            },
        });
        var client = new EchoClient(mesh.Channel.Intercept(new Telemetry(_log)));

        using var good = client.SayAsync("good");
        (await good).ShouldBe("good");
        good.GetTrailers().GetValue("x-trailer").ShouldBe("t");
        await Should.ThrowAsync<RpcException>(async () => await client.SayAsync("bad"));

        _log.ShouldBe(["Say OK", "Say NotFound"]);
    }

    [Fact]
    public async Task A_client_made_with_a_host_names_it_in_every_kind_of_call()
    {
        await using var mesh = await GrpcLoopback.Start();
        var hosts = new ConcurrentQueue<string?>();
        var plain = new EchoClient(mesh.Channel.Intercept(new HostRecorder(hosts)));
        var named = plain.WithHost("quota.mesh");

        await GrpcServerInterceptorTests.CallAll(named);
        named.Say("blocking");
        await named.WithHost("other.mesh").SayAsync("x");
        await plain.SayAsync("x");

        hosts.ShouldBe(["quota.mesh", "quota.mesh", "quota.mesh", "quota.mesh", "quota.mesh", "other.mesh", null]);
    }

    /// <summary>Last wins only within one process: who adds an identity must take away what the caller put there.</summary>
    [Fact]
    public async Task Headers_of_one_name_reach_the_server_as_one()
    {
        var callers = new ConcurrentQueue<string?>();
        await using var mesh = await GrpcLoopback.Start(server: options => options.Interceptors.Add<CallerRecorder>(callers));

        await mesh.Client.SayAsync("x", new CallOptions(new Metadata { { "x-caller", "forged" }, { "x-caller", "arena" } }));

        callers.ShouldBe(["forged, arena"]);
    }

    private sealed class CallerRecorder(ConcurrentQueue<string?> callers) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Record(context);
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Record(context);
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Record(context);
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Record(context);
            return continuation(requestStream, responseStream, context);
        }

        private void Record(ServerCallContext context) =>
            callers.Enqueue(context.RequestHeaders.GetValue("x-caller"));
    }

    private sealed class Identity(string caller, ConcurrentQueue<string> log) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, Named(context, "blocking"));

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, Named(context));

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, Named(context));

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(Named(context));

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(Named(context));

        private ClientInterceptorContext<TRequest, TResponse> Named<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, string? kind = null)
            where TRequest : class
            where TResponse : class
        {
            log.Enqueue($"{caller} {kind ?? context.Method.Type.ToString()}");
            return new(context.Method, context.Host, context.Options.WithHeaders(new Metadata { { "x-caller", caller } }));
        }
    }

    private sealed class Telemetry(ConcurrentQueue<string> log) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var call = continuation(request, context);
            return new AsyncUnaryCall<TResponse>(
                Observe(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);

            async Task<TResponse> Observe(Task<TResponse> response)
            {
                try
                {
                    return await response;
                }
                finally
                {
                    log.Enqueue($"{context.Method.Name} {call.GetStatus().StatusCode}");
                }
            }
        }
    }

    private sealed class HostRecorder(ConcurrentQueue<string?> hosts) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            hosts.Enqueue(context.Host);
            return continuation(request, context);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            hosts.Enqueue(context.Host);
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            hosts.Enqueue(context.Host);
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            hosts.Enqueue(context.Host);
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            hosts.Enqueue(context.Host);
            return continuation(context);
        }
    }
}
