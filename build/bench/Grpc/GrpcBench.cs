using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Bench.Wire;

namespace IssueObservatory.Mesh.Bench;

/// <summary>A unary call of 16 bytes through our contract assemblies and the real runtime beside Kestrel with the frames made by hand. No bar: the ratio is the answer.</summary>
internal sealed class GrpcBench : IBench
{
    private const int Rounds = 15;
    private const string Path = "/issueobservatory.mesh.bench.Echo/Say";

    private static readonly Note Message = new() { Text = "fourteen bytes" };
    private static readonly byte[] Frame = MakeFrame();

    public string Name => "grpc";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var servers = await EchoServers.StartAsync(cancellationToken);
        foreach (var (together, calls) in new[] { (1, 6_000), (32, 40_000) })
        {
            // The server's side alone: the same client for both, which costs as little as it can.
            using var toGrpc = await Http2Load.ConnectAsync(servers.Grpc, Path, Frame, cancellationToken);
            using var toBare = await Http2Load.ConnectAsync(servers.Bare, Path, Frame, cancellationToken);
            yield return await Race.RunAsync(
                $"server alone, {together} at a time",
                "calls/s",
                Rounds,
                token => Race.RateAsync(calls, () => toGrpc.CallAsync(calls, together, token)),
                token => Race.RateAsync(calls, () => toBare.CallAsync(calls, together, token)),
                cancellationToken);
        }

        foreach (var (together, calls) in new[] { (1, 3_000), (32, 12_000) })
        {
            using var channel = GrpcChannel.ForAddress(servers.Grpc);
            var client = new Echo.EchoClient(channel);
            using var http = new HttpClient { BaseAddress = servers.Bare };
            yield return await Race.RunAsync(
                $"client and server, {together} at a time",
                "calls/s",
                Rounds,
                token => Race.RateAsync(calls, () => ManyAsync(calls, together, () => CallAsync(client, token))),
                token => Race.RateAsync(calls, () => ManyAsync(calls, together, () => CallAsync(http, token))),
                cancellationToken);
        }
    }

    private static Task ManyAsync(int calls, int together, Func<Task> call) => Task.WhenAll(Enumerable.Range(0, together).Select(async _ =>
    {
        for (var i = 0; i < calls / together; i++)
        {
            await call();
        }
    }));

    private static async Task CallAsync(Echo.EchoClient client, CancellationToken cancellationToken)
    {
        var reply = await client.SayAsync(Message, cancellationToken: cancellationToken);
        if (reply.Text != Message.Text)
        {
            throw new InvalidOperationException("The server said something else.");
        }
    }

    private static async Task CallAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Frame);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.TE.Add(new("trailers"));
        using var response = await http.SendAsync(request, cancellationToken);
        var reply = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!reply.AsSpan().SequenceEqual(Frame) || !response.TrailingHeaders.Contains("grpc-status"))
        {
            throw new InvalidOperationException("The server said something else.");
        }
    }

    private static byte[] MakeFrame()
    {
        var message = Message.ToByteArray();
        byte[] frame = [0, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        return frame;
    }
}
