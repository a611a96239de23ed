using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>Interceptors in front of handlers.</summary>
public sealed class GrpcServerInterceptorTests
{
    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public async Task An_interceptor_sees_all_four_kinds_of_call()
    {
        await using var mesh = await GrpcLoopback.Start(server: options => options.Interceptors.Add<Recorder>("in", _log));

        await CallAll(mesh.Client);

        _log.ShouldBe([
            "in Say", "in /Say", "in Collect", "in /Collect", "in Repeat", "in /Repeat", "in Chat", "in /Chat",
        ]);
    }

    [Fact]
    public async Task Interceptors_nest_in_their_order_and_pass_state_to_the_handler()
    {
        await using var mesh = await GrpcLoopback.Start(
            new EchoHandlers { Say = (_, context) => Task.FromResult($"hello {context.UserState["name"]}") },
            options =>
            {
                options.Interceptors.Add<Recorder>("outer", _log);
                options.Interceptors.Add<Recorder>("inner", _log);
            });

        (await mesh.Client.SayAsync("x")).ShouldBe("hello inner");

        _log.ShouldBe(["outer Say", "inner Say", "inner /Say", "outer /Say"]);
    }

    [Fact]
    public async Task An_interceptor_can_refuse_in_place_of_the_handler()
    {
        var handled = false;
        await using var mesh = await GrpcLoopback.Start(
            new EchoHandlers
            {
                Say = (request, _) =>
                {
                    handled = true;
                    return Task.FromResult(request);
                },
            },
            options => options.Interceptors.Add<Refusal>());

        (await Should.ThrowAsync<RpcException>(async () => await mesh.Client.SayAsync("x")))
            .StatusCode.ShouldBe(StatusCode.Unauthenticated);

        handled.ShouldBeFalse();
    }

    [Fact]
    public async Task A_service_definition_can_be_intercepted_by_itself()
    {
        var definition = Definition(new EchoService(new EchoHandlers()))
            .Build()
            .Intercept(new Recorder("outer", _log), new Recorder("inner", _log))
            .Intercept(new Recorder("front", _log));
        await using var mesh = await GrpcLoopback.Start(map: routes => routes.MapGrpcService(definition));

        await CallAll(mesh.Client);

        _log.ShouldBe(((string[])["Say", "Collect", "Repeat", "Chat"]).SelectMany(method => (string[])
        [
            $"front {method}", $"outer {method}", $"inner {method}", $"inner /{method}", $"outer /{method}", $"front /{method}",
        ]));
    }

    [Fact]
    public void A_service_definition_refuses_the_same_method_twice()
    {
        var service = new EchoService(new EchoHandlers());

        Should.Throw<ArgumentException>(() => Definition(service).AddMethod(Echo.Say, service.Say))
            .Message.ShouldContain(Echo.Say.FullName);
    }

    private static ServerServiceDefinition.Builder Definition(EchoService service) => ServerServiceDefinition.CreateBuilder()
        .AddMethod(Echo.Say, service.Say)
        .AddMethod(Echo.Collect, service.Collect)
        .AddMethod(Echo.Repeat, service.Repeat)
        .AddMethod(Echo.Chat, service.Chat);

    internal static async Task CallAll(EchoClient client)
    {
        (await client.SayAsync("a")).ShouldBe("a");

        using var collect = client.Collect();
        await collect.RequestStream.WriteAsync("b");
        await collect.RequestStream.CompleteAsync();
        (await collect).ShouldBe("b");

        using var repeat = client.Repeat("c d");
        (await repeat.ResponseStream.ReadAllAsync().ToListAsync()).ShouldBe(["c", "d"]);

        using var chat = client.Chat();
        await chat.RequestStream.WriteAsync("e");
        await chat.RequestStream.CompleteAsync();
        (await chat.ResponseStream.ReadAllAsync().ToListAsync()).ShouldBe(["re: e"]);
    }

    private sealed class Refusal : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you"));
    }

    private sealed class Recorder(string name, ConcurrentQueue<string> log) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            Around(context, () => continuation(request, context));

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
            Around(context, () => continuation(requestStream, context));

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
            Around(context, () => Finish(continuation(request, responseStream, context)));

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
            Around(context, () => Finish(continuation(requestStream, responseStream, context)));

        private async Task<T> Around<T>(ServerCallContext context, Func<Task<T>> handle)
        {
            var method = context.Method[(context.Method.LastIndexOf('/') + 1)..];
            context.UserState["name"] = name;
            log.Enqueue($"{name} {method}");
            var result = await handle();
            log.Enqueue($"{name} /{method}");
            return result;
        }

        private static async Task<bool> Finish(Task task)
        {
            await task;
            return true;
        }
    }
}
