using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>The four kinds of call and how they end, on the real runtime over real sockets.</summary>
public sealed class GrpcCallTests
{
    [Fact]
    public async Task A_unary_call_returns_its_response()
    {
        await using var mesh = await GrpcLoopback.Start();

        (await mesh.Client.SayAsync("hej æøå")).ShouldBe("hej æøå");
        mesh.Client.Say("blocking").ShouldBe("blocking");
    }

    [Fact]
    public async Task A_client_stream_is_answered_once_it_is_complete()
    {
        await using var mesh = await GrpcLoopback.Start();
        using var call = mesh.Client.Collect();

        await call.RequestStream.WriteAsync("a");
        await call.RequestStream.WriteAsync("b", TestContext.Current.CancellationToken);
        call.ResponseAsync.IsCompleted.ShouldBeFalse();
        await call.RequestStream.CompleteAsync();

        (await call).ShouldBe("a,b");
    }

    [Fact]
    public async Task A_server_stream_arrives_in_order_and_ends()
    {
        await using var mesh = await GrpcLoopback.Start();
        using var call = mesh.Client.Repeat("one two three");

        (await call.ResponseStream.ReadAllAsync().ToListAsync()).ShouldBe(["one", "two", "three"]);
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task A_duplex_stream_goes_both_ways_at_once()
    {
        await using var mesh = await GrpcLoopback.Start();
        using var call = mesh.Client.Chat();

        foreach (var word in (string[])["a", "b", "c"])
        {
            await call.RequestStream.WriteAsync(word);
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.ShouldBe($"re: {word}");
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    [Fact]
    public async Task Text_and_binary_metadata_travel_both_ways()
    {
        byte[] bytes = [0, 1, 0xFE, 0xFF];
        Metadata? received = null;
        await using var mesh = await GrpcLoopback.Start(new EchoHandlers
        {
            Say = async (request, context) =>
            {
                received = context.RequestHeaders;
                await context.WriteResponseHeadersAsync(new Metadata { { "x-header", "h" }, { "x-header-bin", bytes } });
                context.ResponseTrailers.Add("x-trailer", "t");
                context.ResponseTrailers.Add("x-trailer-bin", bytes);
                return request;
            },
        });
        using var call = mesh.Client.SayAsync("x", new CallOptions(new Metadata { { "X-Asked", "1" }, { "x-asked-bin", bytes } }));

        await call;

        received!.GetValue("x-asked").ShouldBe("1");
        received.GetValueBytes("x-asked-bin").ShouldBe(bytes);
        var headers = await call.ResponseHeadersAsync;
        headers.GetValue("x-header").ShouldBe("h");
        headers.GetValueBytes("x-header-bin").ShouldBe(bytes);
        call.GetTrailers().GetValue("x-trailer").ShouldBe("t");
        call.GetTrailers().GetValueBytes("X-Trailer-Bin").ShouldBe(bytes);
    }

    [Fact]
    public async Task A_refusal_arrives_with_its_code_detail_and_trailers()
    {
        await using var mesh = await GrpcLoopback.Start(new EchoHandlers
        {
            Say = (_, _) => throw new RpcException(
                new Status(StatusCode.ResourceExhausted, "kvoten er brugt æøå"),
                new Metadata { { "reason", "QUOTA" }, { "details-bin", [1, 2] } }),
        });

        var refusal = await Should.ThrowAsync<RpcException>(async () => await mesh.Client.SayAsync("x"));

        refusal.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refusal.Status.Detail.ShouldBe("kvoten er brugt æøå");
        refusal.Trailers.GetValue("reason").ShouldBe("QUOTA");
        refusal.Trailers.GetValueBytes("details-bin").ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_status_that_is_set_without_throwing_arrives_too()
    {
        await using var mesh = await GrpcLoopback.Start(new EchoHandlers
        {
            Repeat = async (_, responses, context) =>
            {
                await responses.WriteAsync("first");
                context.Status = new Status(StatusCode.DataLoss, "the rest is gone");
            },
        });
        using var call = mesh.Client.Repeat("x");

        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var loss = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext());
        loss.Status.ShouldBe(call.GetStatus());
        loss.Message.ShouldBe("Status(StatusCode=\"DataLoss\", Detail=\"the rest is gone\")");
    }

    [Fact]
    public async Task An_unexpected_exception_tells_the_caller_nothing()
    {
        await using var mesh = await GrpcLoopback.Start(new EchoHandlers
        {
            Say = (_, _) => throw new InvalidOperationException("a secret of the inside"),
        });

        var failure = await Should.ThrowAsync<RpcException>(async () => await mesh.Client.SayAsync("x"));

        failure.StatusCode.ShouldBe(StatusCode.Unknown);
        failure.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unimplemented()
    {
        await using var mesh = await GrpcLoopback.Start(map: _ => { });

        (await Should.ThrowAsync<RpcException>(async () => await mesh.Client.SayAsync("x")))
            .StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task A_dead_address_is_unavailable()
    {
        // Bound but not listening: the port is ours and refuses every connection.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var channel = GrpcChannel.ForAddress($"http://{socket.LocalEndPoint}");

        var failure = await Should.ThrowAsync<RpcException>(async () => await new EchoClient(channel).SayAsync("x"));

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.InnerException.ShouldBeOfType<SocketException>().SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_above_the_limit_of_the_receiver_is_refused(bool serverReceives)
    {
        const int Limit = 1024;
        await using var mesh = await GrpcLoopback.Start(
            new EchoHandlers { Say = (request, _) => Task.FromResult(serverReceives ? "" : new string('x', request.Length * 100)) },
            server => server.MaxReceiveMessageSize = serverReceives ? Limit : null,
            new GrpcChannelOptions { MaxReceiveMessageSize = serverReceives ? null : Limit });
        var tooLong = new string('x', serverReceives ? Limit + 1 : (Limit / 100) + 1);

        (await Should.ThrowAsync<RpcException>(async () => await mesh.Client.SayAsync(tooLong)))
            .StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        await mesh.Client.SayAsync(tooLong[..^1]);
    }
}
