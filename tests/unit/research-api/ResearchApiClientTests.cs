using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class ResearchApiClientTests
{
    private const string Body = """{"data":{"videos":[],"cursor":0,"has_more":false},"error":{"code":"ok"}}""";

    private static readonly VideoQueryRequest Request = new()
    {
        Query = new() { And = [Condition.Eq(ConditionField.HashtagName, "dkpol")] },
        StartDate = new(2026, 1, 1),
        EndDate = new(2026, 1, 31),
    };

    private readonly ManualTime time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_comes_back_byte_for_byte_with_its_useful_headers_only()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(Body, headers: "Date: Wed, 01 Apr 2026 12:00:07 GMT\r\nSet-Cookie: sid=secret\r\nX-Tt-Logid: 2026ABC\r\n"));

        var reply = await SendAsync(server.Url);

        (reply.Fault, reply.Status, reply.CertainlyNotSent).ShouldBe((null, 200, false));
        Encoding.UTF8.GetString(reply.Body.Span).ShouldBe(Body);
        reply.RequestBody.ToArray().ShouldBe(Request.WriteBody());
        reply.Target.ShouldBe(Request.Target);
        reply.SentAt.ShouldBe(time.GetUtcNow());
        reply.ServerDate.ShouldBe(new DateTimeOffset(2026, 4, 1, 12, 0, 7, TimeSpan.Zero));
        reply.Headers.Keys.Order(StringComparer.Ordinal).ShouldBe(["content-length", "content-type", "date", "x-tt-logid"]);
        reply.Headers["x-tt-logid"].ShouldBe("2026ABC");
    }

    [Fact]
    public async Task The_request_is_what_TikTok_documents_and_says_nothing_else()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(Body));

        await SendAsync(server.Url);

        var request = server.Requests.ShouldHaveSingleItem();
        request.ShouldStartWith($"POST {Request.Target} HTTP/1.1\r\n");
        request.ShouldContain("\r\nAuthorization: Bearer clt.2.example*0\r\n");
        request.ShouldContain("\r\nContent-Type: application/json\r\n");
        request.ShouldEndWith(Encoding.UTF8.GetString(Request.WriteBody()));
        request.ShouldNotContain("traceparent", Case.Insensitive);
    }

    [Fact]
    public async Task Every_endpoint_is_called_with_its_own_path_and_body()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(Body));
        using var client = new ResearchApiClient(new() { BaseUrl = server.Url }, time);
        ResearchRequest[] requests =
        [
            .. ResearchEndpoints.All.Where(endpoint => endpoint.SubjectKey.Length > 0).Select(endpoint => endpoint.Ask("12345")),
            new ValidationTaskRequest { Category = ValidationCategory.Video, Ids = ["1", "2"] },
        ];

        foreach (var request in requests)
        {
            await client.SendAsync(request, () => "clt.2.example*0", Cancel);
        }

        requests.Length.ShouldBe(15);
        foreach (var (request, sent) in requests.Zip(server.Requests))
        {
            sent.ShouldStartWith($"POST {request.Target} HTTP/1.1\r\n");
            sent.ShouldContain($"\r\nContent-Type: {request.MediaType}\r\n");
            sent.ShouldEndWith($"\r\n\r\n{Encoding.UTF8.GetString(request.WriteBody())}");
        }
    }

    [Fact]
    public async Task A_request_that_cannot_be_right_is_not_sent_and_what_was_typed_is_not_repeated()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(Body));
        using var client = new ResearchApiClient(new() { BaseUrl = server.Url }, time);

        var refused = await Should.ThrowAsync<ArgumentException>(() => client.SendAsync(ResearchEndpoints.Followers.Ask("@drnyheder"), () => "clt.x", Cancel));

        refused.Message.ShouldContain("username");
        refused.Message.ShouldNotContain("drnyheder");
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("429 Too Many Requests", 429)]
    [InlineData("500 Internal Server Error", 500)]
    [InlineData("504 Gateway Time-out", 504)]
    public async Task A_bad_status_is_a_whole_reply(string status, int expected)
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http("<html>", status));

        var reply = await SendAsync(server.Url);

        (reply.Fault, reply.Status, reply.Body.Length).ShouldBe((null, expected, 6));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = LoopbackServer.Saying(LoopbackServer.Http(Body));
        await using var server = LoopbackServer.Saying(LoopbackServer.Http("", "307 Temporary Redirect", $"Location: {other.Url}\r\n"));

        var reply = await SendAsync(server.Url);

        (reply.Fault, reply.Status).ShouldBe((null, 307));
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_connection_was_certainly_not_sent()
    {
        var reply = await SendAsync(FreeUrl("http"));

        (reply.Fault, reply.CertainlyNotSent, reply.Status).ShouldBe((TransportFault.ConnectFailed, true, null));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_was_certainly_not_sent() =>
        (await SendAsync(new("https://research-api.invalid"))).CertainlyNotSent.ShouldBeTrue();

    [Fact]
    public async Task A_TLS_handshake_that_fails_was_certainly_not_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = SendAsync(new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        using (var socket = await listener.AcceptSocketAsync(Cancel))
        {
            await LoopbackServer.SayAsync(socket, "HTTP/1.1 400 Bad Request\r\n\r\n", Cancel);
        }

        (await sending).Fault.ShouldBe(TransportFault.ConnectFailed);
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_given_up_after_ten_seconds()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = SendAsync(new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        using var socket = await listener.AcceptSocketAsync(Cancel);

        time.Advance(TimeSpan.FromSeconds(9.9));
        sending.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));

        var reply = await sending;
        (reply.Fault, reply.Latency).ShouldBe((TransportFault.ConnectFailed, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_the_first_byte_time_out()
    {
        await using var server = new LoopbackServer((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        var sending = SendAsync(server.Url);
        await server.FirstRequest.Task;

        time.Advance(TimeSpan.FromSeconds(249));
        sending.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        var reply = await sending;
        (reply.Fault, reply.CertainlyNotSent, reply.Latency).ShouldBe((TransportFault.FirstByteTimeout, false, TimeSpan.FromSeconds(250)));
    }

    [Fact]
    public async Task A_body_that_trickles_is_given_up_at_the_whole_time_out_and_what_came_is_kept()
    {
        var trickled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new LoopbackServer(async (socket, token) =>
        {
            await LoopbackServer.SayAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{", token);
            trickled.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        });
        using var client = Client(server.Url);
        var sending = client.SendAsync(Request, () => "clt.x", Cancel);
        await trickled.Task;
        // The client has the headers when only the whole time-out is left of its two timers.
        while (time.ArmedTimers > 1)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromSeconds(300));

        var reply = await sending;
        (reply.Fault, reply.Status).ShouldBe((TransportFault.BodyTimeout, 200));
        reply.Body.Length.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Headers_that_trickle_count_as_no_first_byte()
    {
        await using var server = new LoopbackServer(async (socket, token) =>
        {
            await LoopbackServer.SayAsync(socket, "HTTP/1.1 200 OK\r\nContent-Le", token);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        });
        var sending = SendAsync(server.Url);
        await server.FirstRequest.Task;

        time.Advance(TimeSpan.FromSeconds(250));

        (await sending).Fault.ShouldBe(TransportFault.FirstByteTimeout);
    }

    [Fact]
    public async Task A_length_that_promises_too_much_is_incomplete()
    {
        await using var server = new LoopbackServer(async (socket, token) =>
        {
            await LoopbackServer.SayAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{\"data\":", token);
            socket.Shutdown(SocketShutdown.Both);
        });

        var reply = await SendAsync(server.Url);

        (reply.Fault, reply.Status, Encoding.UTF8.GetString(reply.Body.Span)).ShouldBe((TransportFault.Incomplete, 200, "{\"data\":"));
    }

    [Fact]
    public async Task A_length_that_promises_too_little_gives_a_body_that_is_no_JSON_and_spoils_no_other_call()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(Body).Replace("Content-Length: 7", "Content-Length: 1", StringComparison.Ordinal));
        using var client = Client(server.Url);

        for (var i = 0; i < 3; i++)
        {
            var reply = await client.SendAsync(Request, () => "clt.x", Cancel);
            reply.Fault.ShouldBeNull();
            PageReader.Read(reply.Body, reply.Status!.Value).Error.Class.ShouldBe(ApiErrorClass.Unreadable);
        }

        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_connection_cut_in_the_body_may_have_been_counted()
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new LoopbackServer(async (socket, token) =>
        {
            await LoopbackServer.SayAsync(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"data\":\r\n", token);
            await read.Task;
            LoopbackServer.Reset(socket);
        });
        var sending = SendAsync(server.Url);
        await server.FirstRequest.Task;
        while (time.ArmedTimers > 1)
        {
            await Task.Yield();
        }

        read.SetResult();

        var reply = await sending;
        reply.Fault.ShouldBe(TransportFault.Cut);
        reply.CertainlyNotSent.ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_cut_before_the_reply_is_not_repeated()
    {
        var first = true;
        await using var server = new LoopbackServer(async (socket, token) =>
        {
            // A connection that has served once and then dies is what tempts HTTP clients to repeat.
            if (!first)
            {
                LoopbackServer.Reset(socket);
                return;
            }

            first = false;
            await LoopbackServer.SayAsync(socket, LoopbackServer.Http(Body), token);
        });
        using var client = Client(server.Url);

        (await client.SendAsync(Request, () => "clt.x", Cancel)).Fault.ShouldBeNull();
        var reply = await client.SendAsync(Request, () => "clt.x", Cancel);

        (reply.Fault, reply.CertainlyNotSent).ShouldBe((TransportFault.Cut, false));
        server.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Twenty_mebibytes_are_not_read_to_the_end(bool announced)
    {
        await using var server = new LoopbackServer(async (socket, token) =>
        {
            const int Size = 20 * 1024 * 1024;
            await LoopbackServer.SayAsync(socket, announced ? $"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n", token);
            await LoopbackServer.SayAsync(socket, new byte[Size], token);
            socket.Shutdown(SocketShutdown.Both);
        });

        var reply = await SendAsync(server.Url);

        reply.Fault.ShouldBe(TransportFault.TooLarge);
        reply.Body.Length.ShouldBe(announced ? 0 : 16 * 1024 * 1024);
    }

    [Fact]
    public async Task Exactly_the_largest_body_is_whole()
    {
        var body = "\"" + new string('x', 1022) + "\"";
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(body));
        using var client = new ResearchApiClient(new() { BaseUrl = server.Url, LargestBody = 1024 }, time);

        var reply = await client.SendAsync(Request, () => "clt.x", Cancel);

        (reply.Fault, reply.Body.Length).ShouldBe((null, 1024));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_compressed_body_is_read(string encoding)
    {
        await using var server = Compressed(encoding, Encoding.UTF8.GetBytes(Body));

        var reply = await SendAsync(server.Url);

        reply.Fault.ShouldBeNull();
        Encoding.UTF8.GetString(reply.Body.Span).ShouldBe(Body);
    }

    [Fact]
    public async Task A_compression_bomb_is_bounded()
    {
        await using var server = Compressed("gzip", new byte[200 * 1024 * 1024]);

        var reply = await SendAsync(server.Url);

        (reply.Fault, reply.Body.Length).ShouldBe((TransportFault.TooLarge, 16 * 1024 * 1024));
    }

    [Fact]
    public async Task A_compressed_body_that_is_cut_never_passes_for_a_page()
    {
        await using var server = Compressed("gzip", Encoding.UTF8.GetBytes(Body), drop: 20);

        var reply = await SendAsync(server.Url);

        (reply.Fault is TransportFault.Incomplete || PageReader.Read(reply.Body, 200).Error.Class is ApiErrorClass.Unreadable).ShouldBeTrue();
    }

    [Fact]
    public async Task A_body_that_is_not_compressed_as_it_says_is_incomplete()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(Body, headers: "Content-Encoding: gzip\r\n"));

        (await SendAsync(server.Url)).Fault.ShouldBe(TransportFault.Incomplete);
    }

    [Fact]
    public async Task What_is_not_HTTP_is_said_to_be_so()
    {
        await using var server = LoopbackServer.Saying("SSH-2.0-OpenSSH_9.2\r\n\r\n");

        (await SendAsync(server.Url)).Fault.ShouldBe(TransportFault.NotHttp);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_obeyed()
    {
        await using var server = new LoopbackServer((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        using var client = Client(server.Url);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var sending = client.SendAsync(Request, () => "clt.x", caller.Token);
        await server.FirstRequest.Task;

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sending);
        time.ArmedTimers.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_with_violations_or_a_token_that_fits_no_header_is_never_sent()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(Body));
        using var client = Client(server.Url);

        var refused = await Should.ThrowAsync<ArgumentException>(() => client.SendAsync(Request with { MaxCount = 0 }, () => "clt.x", Cancel));
        refused.Message.ShouldContain("max_count");
        var injected = await Should.ThrowAsync<ArgumentException>(() => client.SendAsync(Request, () => "clt\r\nX-Evil: 1", Cancel));
        injected.Message.ShouldNotContain("clt");
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_calls_at_once_each_get_their_own_reply()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http(Body));
        using var client = Client(server.Url);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.SendAsync(Request, () => "clt.x", Cancel)));

        replies.ShouldAllBe(reply => reply.Fault == null && reply.Body.Length == Body.Length);
        server.Requests.Count.ShouldBe(20);
    }

    private static LoopbackServer Compressed(string encoding, byte[] body, int drop = 0) => new(async (socket, token) =>
    {
        using var buffer = new MemoryStream();
        await using (Stream compressor = encoding switch
        {
            "gzip" => new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BrotliStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            await compressor.WriteAsync(body, token);
        }

        var bytes = buffer.ToArray()[..^drop];
        await LoopbackServer.SayAsync(socket, $"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {bytes.Length}\r\n\r\n", token);
        await LoopbackServer.SayAsync(socket, bytes, token);
    });

    private static Uri FreeUrl(string scheme)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"{scheme}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    private ResearchApiClient Client(Uri url) => new(new() { BaseUrl = url }, time);

    private async Task<RawReply> SendAsync(Uri url)
    {
        using var client = Client(url);
        return await client.SendAsync(Request, () => "clt.2.example*0", Cancel);
    }
}
