using Grpc.Core;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>What the echo service does; a test replaces what it is about.</summary>
internal sealed record EchoHandlers
{
    public UnaryServerMethod<string, string> Say { get; init; } = (request, _) => Task.FromResult(request);

    public ClientStreamingServerMethod<string, string> Collect { get; init; } = async (requests, _) =>
    {
        var all = new List<string>();
        await foreach (var request in requests.ReadAllAsync())
        {
            all.Add(request);
        }

        return string.Join(',', all);
    };

    public ServerStreamingServerMethod<string, string> Repeat { get; init; } = async (request, responses, _) =>
    {
        foreach (var word in request.Split(' '))
        {
            await responses.WriteAsync(word);
        }
    };

    public DuplexStreamingServerMethod<string, string> Chat { get; init; } = async (requests, responses, context) =>
    {
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
        {
            await responses.WriteAsync($"re: {request}", context.CancellationToken);
        }
    };
}

internal sealed class EchoService(EchoHandlers handlers) : EchoServer
{
    public override Task<string> Say(string request, ServerCallContext context) => handlers.Say(request, context);

    public override Task<string> Collect(IAsyncStreamReader<string> requests, ServerCallContext context) =>
        handlers.Collect(requests, context);

    public override Task Repeat(string request, IServerStreamWriter<string> responses, ServerCallContext context) =>
        handlers.Repeat(request, responses, context);

    public override Task Chat(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context) =>
        handlers.Chat(requests, responses, context);
}
