using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>How long and how much one exchange may take.</summary>
internal sealed record ExchangeLimits(TimeSpan Connect, TimeSpan FirstByte, TimeSpan Whole, int LargestBody);

/// <summary>One POST, one reply, one attempt, every trouble of the wire turned into a <see cref="TransportFault"/>.</summary>
internal sealed class HttpExchange : IDisposable
{
    private static readonly string[] KeptHeaders =
        ["date", "content-type", "content-length", "content-encoding", "retry-after", "server", "via", "x-tt-logid"];

    private readonly TimeProvider time;
    private readonly HttpClient http;

    public HttpExchange(ResearchApiOptions options, TimeProvider time)
    {
        this.time = time;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !options.BaseUrl.IsLoopback,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            // Spans yes, trace ids to TikTok no.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        };
        http = new(handler, disposeHandler: true)
        {
            BaseAddress = options.BaseUrl,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.Add(new("IssueObservatory.Mesh", "0.1"));
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        http.DefaultRequestHeaders.AcceptEncoding.Add(new("gzip"));
    }

    public async Task<RawReply> SendAsync(
        string target,
        string mediaType,
        byte[] body,
        Action<HttpRequestHeaders> addHeaders,
        ExchangeLimits limits,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reply = new RawReply { SentAt = time.GetUtcNow(), Latency = TimeSpan.Zero, Target = target, RequestBody = body };
        var began = time.GetTimestamp();
        using var whole = new CancellationTokenSource(limits.Whole, time);
        using var phase = new CancellationTokenSource(limits.Connect, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, phase.Token, cancellationToken);
        using var content = new OneTimeContent(body, mediaType, () => phase.CancelAfter(limits.FirstByte));
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = content,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        addHeaders(request.Headers);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            phase.CancelAfter(Timeout.InfiniteTimeSpan);
            reply = reply with { Status = (int)response.StatusCode, Headers = Keep(response), ServerDate = response.Headers.Date };
            var (bytes, fault) = await ReadAsync(response.Content, limits.LargestBody, either.Token, cancellationToken).ConfigureAwait(false);
            reply = reply with { Body = bytes, Fault = fault };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reply = reply with { Fault = content.Started ? TransportFault.FirstByteTimeout : TransportFault.ConnectFailed };
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException)
        {
            reply = reply with { Fault = content.Started ? Explain(trouble) : TransportFault.ConnectFailed };
        }

        return reply with { Latency = time.GetElapsedTime(began) };
    }

    public void Dispose() => http.Dispose();

    private static TransportFault Explain(Exception trouble) => (trouble as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.InvalidResponse => TransportFault.NotHttp,
        HttpRequestError.ConfigurationLimitExceeded => TransportFault.TooLarge,
        _ => TransportFault.Cut,
    };

    private static async Task<(ReadOnlyMemory<byte> Bytes, TransportFault? Fault)> ReadAsync(
        HttpContent content, int largest, CancellationToken either, CancellationToken caller)
    {
        if (content.Headers.ContentLength > largest)
        {
            return (ReadOnlyMemory<byte>.Empty, TransportFault.TooLarge);
        }

        using var kept = new MemoryStream();
        TransportFault? fault = null;
        try
        {
            using var wire = new CappedStream(await content.ReadAsStreamAsync(either).ConfigureAwait(false), largest);
            using var stream = Decoded(wire, content.Headers.ContentEncoding);
            var chunk = new byte[64 * 1024];
            int read;
            while (fault is null && (read = await stream.ReadAsync(chunk, either).ConfigureAwait(false)) > 0)
            {
                var room = (int)Math.Min(read, largest - kept.Length);
                kept.Write(chunk, 0, room);
                fault = room < read || wire.IsFull ? TransportFault.TooLarge : null;
            }

            fault ??= wire.IsFull ? TransportFault.TooLarge : null;
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            fault = TransportFault.BodyTimeout;
        }
        catch (InvalidDataException)
        {
            fault = TransportFault.Incomplete;
        }
        catch (HttpIOException ended) when (ended.HttpRequestError is HttpRequestError.ResponseEnded)
        {
            fault = TransportFault.Incomplete;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException)
        {
            fault = TransportFault.Cut;
        }

        return (kept.ToArray(), fault);
    }

    /// <summary>An encoding that we do not know is passed on as it came: the bytes are kept, and reading them says that they are not JSON.</summary>
    private static Stream Decoded(Stream wire, ICollection<string> encodings) =>
        (encodings.Count == 1 ? encodings.First().ToUpperInvariant() : null) switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(wire, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(wire, CompressionMode.Decompress),
            "BR" => new BrotliStream(wire, CompressionMode.Decompress),
            _ => wire,
        };

    private static Dictionary<string, string> Keep(HttpResponseMessage response)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in KeptHeaders)
        {
            if (response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values))
            {
                var value = values.ToString();
                kept[name] = value.Length <= 512 ? value : value[..512];
            }
        }

        return kept;
    }
}
