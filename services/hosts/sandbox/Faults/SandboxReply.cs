using System.Text;

namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What a scripted request gets. A reply counts against the day as a real one would: all but 401 and 429.</summary>
public abstract record SandboxReply
{
    private protected SandboxReply()
    {
    }

    /// <summary>The normal reply.</summary>
    public static SandboxReply PassThrough { get; } = new NormalReply(Mangling.None);

    /// <summary>The request is read and never answered.</summary>
    public static SandboxReply NeverAnswer { get; } = new SilentReply();

    /// <summary>The normal reply, but the connection is cut in the middle of the body.</summary>
    public static SandboxReply CutMidBody { get; } = new NormalReply(Mangling.Cut);

    /// <summary>The normal reply, but <c>Content-Length</c> says ten bytes less than follow.</summary>
    public static SandboxReply WrongContentLength { get; } = new NormalReply(Mangling.WrongContentLength);

    /// <summary>A gateway's HTML page with status 504.</summary>
    public static SandboxReply Html504 { get; } = new FixedReply(
        504,
        "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway Time-out</h1></center>\r\n</body>\r\n</html>\r\n"u8.ToArray(),
        [new("Content-Type", "text/html")]);

    /// <summary>These bytes. Without a <c>Content-Type</c> among the headers it is <c>application/json</c>.</summary>
    public static SandboxReply Bytes(int status, ReadOnlyMemory<byte> body, params IReadOnlyList<KeyValuePair<string, string>> headers) =>
        new FixedReply(status, body, headers);

    /// <summary>This text as JSON body.</summary>
    public static SandboxReply Json(string body, int status = 200) => new FixedReply(status, Encoding.UTF8.GetBytes(body), []);

    /// <summary>One of the API's errors.</summary>
    public static SandboxReply Error(SandboxError error) => new ErrorReply(error);

    /// <summary>The normal reply in proper HTTP, but its JSON ends after this share of the bytes.</summary>
    public static SandboxReply Truncate(double share = 0.5) => new NormalReply(Mangling.Truncated) { Share = Math.Clamp(share, 0, 1) };

    /// <summary>The normal reply after this time on the sandbox's timers.</summary>
    public static SandboxReply DelayThenNormal(TimeSpan delay) => new NormalReply(Mangling.None) { Delay = delay };

    /// <summary>A valid envelope with this many bytes of nothing in it; 20 MiB if not said.</summary>
    public static SandboxReply HugeBody(int bytes = 20 * 1024 * 1024) => new HugeReply(bytes);
}

internal enum Mangling
{
    None,
    Truncated,
    Cut,
    WrongContentLength,
}

internal sealed record NormalReply(Mangling Mangling) : SandboxReply
{
    public double Share { get; init; } = 0.5;

    public TimeSpan Delay { get; init; }
}

internal sealed record SilentReply : SandboxReply;

internal sealed record ErrorReply(SandboxError Kind) : SandboxReply;

internal sealed record HugeReply(int Size) : SandboxReply;

internal sealed record FixedReply(int Status, ReadOnlyMemory<byte> Body, IReadOnlyList<KeyValuePair<string, string>> Headers) : SandboxReply;
