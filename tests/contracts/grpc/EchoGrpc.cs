using Grpc.Core;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>A service with all four kinds of call, in the shape that the protobuf compiler generates. Messages are plain text.</summary>
internal static class Echo
{
    public static readonly Method<string, string> Say = Define(MethodType.Unary, nameof(Say));
    public static readonly Method<string, string> Collect = Define(MethodType.ClientStreaming, nameof(Collect));
    public static readonly Method<string, string> Repeat = Define(MethodType.ServerStreaming, nameof(Repeat));
    public static readonly Method<string, string> Chat = Define(MethodType.DuplexStreaming, nameof(Chat));

    public static void BindService(ServiceBinderBase binder, EchoServer? server)
    {
        binder.AddMethod(Say, server is null ? null : new UnaryServerMethod<string, string>(server.Say));
        binder.AddMethod(Collect, server is null ? null : new ClientStreamingServerMethod<string, string>(server.Collect));
        binder.AddMethod(Repeat, server is null ? null : new ServerStreamingServerMethod<string, string>(server.Repeat));
        binder.AddMethod(Chat, server is null ? null : new DuplexStreamingServerMethod<string, string>(server.Chat));
    }

    private static Method<string, string> Define(MethodType type, string name) =>
        new(type, "mesh.contracts.Echo", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}

[BindServiceMethod(typeof(Echo), nameof(Echo.BindService))]
internal abstract class EchoServer
{
    public virtual Task<string> Say(string request, ServerCallContext context) => throw Unimplemented();

    public virtual Task<string> Collect(IAsyncStreamReader<string> requests, ServerCallContext context) => throw Unimplemented();

    public virtual Task Repeat(string request, IServerStreamWriter<string> responses, ServerCallContext context) => throw Unimplemented();

    public virtual Task Chat(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context) =>
        throw Unimplemented();

    private static RpcException Unimplemented() => new(new Status(StatusCode.Unimplemented, ""));
}

internal sealed class EchoClient : ClientBase<EchoClient>
{
    public EchoClient(ChannelBase channel) : base(channel)
    {
    }

    public EchoClient(CallInvoker invoker) : base(invoker)
    {
    }

    private EchoClient(ClientBaseConfiguration configuration) : base(configuration)
    {
    }

    public string Say(string request, CallOptions options = default) =>
        CallInvoker.BlockingUnaryCall(Echo.Say, null, options, request);

    public AsyncUnaryCall<string> SayAsync(string request, CallOptions options = default) =>
        CallInvoker.AsyncUnaryCall(Echo.Say, null, options, request);

    public AsyncClientStreamingCall<string, string> Collect(CallOptions options = default) =>
        CallInvoker.AsyncClientStreamingCall(Echo.Collect, null, options);

    public AsyncServerStreamingCall<string> Repeat(string request, CallOptions options = default) =>
        CallInvoker.AsyncServerStreamingCall(Echo.Repeat, null, options, request);

    public AsyncDuplexStreamingCall<string, string> Chat(CallOptions options = default) =>
        CallInvoker.AsyncDuplexStreamingCall(Echo.Chat, null, options);

    protected override EchoClient NewInstance(ClientBaseConfiguration configuration) => new(configuration);
}
