using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

/// <summary>A bare socket that reads HTTP requests and lets a test answer with any bytes at all. It remembers what reached it.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Socket, CancellationToken, Task> answer;
    private readonly ConcurrentBag<Task> connections = [];
    private readonly Task accepting;

    public LoopbackServer(Func<Socket, CancellationToken, Task> answer)
    {
        this.answer = answer;
        listener.Start();
        Url = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Completes when the first whole request has arrived.</summary>
    public TaskCompletionSource FirstRequest { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers every request with this text and closes nothing.</summary>
    public static LoopbackServer Saying(string reply) => new((socket, token) => SayAsync(socket, reply, token));

    public static string Http(string body, string status = "200 OK", string headers = "") =>
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nContent-Type: application/json\r\n{headers}\r\n{body}";

    public static Task SayAsync(Socket socket, string text, CancellationToken token) => SayAsync(socket, Encoding.UTF8.GetBytes(text), token);

    public static async Task SayAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, token)..];
        }
    }

    /// <summary>Ends the connection with a reset rather than politely.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new(enable: true, seconds: 0);
        socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Stop();
        await Task.WhenAll(connections);
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                while (await ReadRequestAsync(socket) is { } request)
                {
                    Requests.Enqueue(request);
                    FirstRequest.TrySetResult();
                    await answer(socket, stop.Token);
                }
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client left, the answer closed the socket, or the test is over.
            }
        }
    }

    private async Task<string?> ReadRequestAsync(Socket socket)
    {
        var text = new StringBuilder();
        var chunk = new byte[64 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(chunk, stop.Token);
            if (read == 0)
            {
                return null;
            }

            text.Append(Encoding.UTF8.GetString(chunk, 0, read));
            var request = text.ToString();
            var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var length = request.Split("Content-Length: ") is [_, var rest] ? int.Parse(rest.Split("\r\n")[0], null) : 0;
            if (end >= 0 && Encoding.UTF8.GetByteCount(request) >= end + 4 + length)
            {
                return request;
            }
        }
    }
}
