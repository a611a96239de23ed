using System.Net;
using System.Net.Http.Headers;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// A body that knows whether sending it has begun, and that can be sent once only: whatever a handler thinks of repeating, TikTok counts.
/// The handler writes headers and body together, so "not begun" means that nothing of the request has left.
/// </summary>
internal sealed class OneTimeContent : HttpContent
{
    private readonly byte[] body;
    private readonly Action onStart;
    private int started;

    public OneTimeContent(byte[] body, string mediaType, Action onStart)
    {
        this.body = body;
        this.onStart = onStart;
        Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
    }

    public bool Started => Volatile.Read(ref started) != 0;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref started, 1) != 0)
        {
            throw new IOException("A request is sent once.");
        }

        onStart();
        await stream.WriteAsync(body, cancellationToken).ConfigureAwait(false);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
