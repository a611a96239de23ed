namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A scripted reply in a form that JSON can carry.</summary>
public sealed record SandboxScriptedReply
{
    /// <summary>The endpoint, e.g. <c>video_query</c>; null: all.</summary>
    public SandboxEndpoint? Endpoint { get; init; }

    /// <summary>A name under which the report lists the requests that were answered so; null: none.</summary>
    public string? Sequence { get; init; }

    /// <summary><c>any</c>, <c>first</c> or <c>later</c>.</summary>
    public SandboxPage Page { get; init; }

    /// <summary>How often, 1 to 100,000.</summary>
    public int Times { get; init; } = 1;

    /// <summary>What is answered.</summary>
    public SandboxReplyKind Reply { get; init; } = SandboxReplyKind.PassThrough;

    /// <summary>Status of <c>bytes</c>, 200 to 599.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Headers of <c>bytes</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Body of <c>bytes</c> as text.</summary>
    public string? Body { get; init; }

    /// <summary>Body of <c>bytes</c> as base64, for bytes that are not text.</summary>
    public string? BodyBase64 { get; init; }

    /// <summary>Delay of <c>delay_then_normal</c> in seconds, 0 or more.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>What <c>truncate</c> leaves, 0 to 1.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>Size of <c>huge_body</c> in bytes, 1 to 1 GiB.</summary>
    public int Bytes { get; init; } = 20 * 1024 * 1024;

    internal SandboxMatch Match() => new(Endpoint, Page);

    internal SandboxReply ToReply() => Reply switch
    {
        SandboxReplyKind.Bytes => SandboxReply.Bytes(Status, Content(), [.. Headers]),
        SandboxReplyKind.Truncate => SandboxReply.Truncate(Share),
        SandboxReplyKind.CutMidBody => SandboxReply.CutMidBody,
        SandboxReplyKind.WrongContentLength => SandboxReply.WrongContentLength,
        SandboxReplyKind.NeverAnswer => SandboxReply.NeverAnswer,
        SandboxReplyKind.DelayThenNormal => SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(Seconds)),
        SandboxReplyKind.HugeBody => SandboxReply.HugeBody(Bytes),
        SandboxReplyKind.Html504 => SandboxReply.Html504,
        SandboxReplyKind.TokenInvalid => SandboxReply.Error(SandboxError.TokenInvalid),
        SandboxReplyKind.ScopeNotAuthorized => SandboxReply.Error(SandboxError.ScopeNotAuthorized),
        SandboxReplyKind.RateLimited => SandboxReply.Error(SandboxError.RateLimited),
        SandboxReplyKind.DailyLimit => SandboxReply.Error(SandboxError.DailyLimit),
        SandboxReplyKind.ServerError => SandboxReply.Error(SandboxError.ServerError),
        SandboxReplyKind.SearchIdInvalid => SandboxReply.Error(SandboxError.SearchIdInvalid),
        SandboxReplyKind.CursorInvalid => SandboxReply.Error(SandboxError.CursorInvalid),
        _ => SandboxReply.PassThrough,
    };

    internal string? FirstError() => this switch
    {
        { Times: < 1 or > 100_000 } => $"times is {Times}; allowed is 1 to 100000",
        { Status: < 200 or > 599 } => $"status is {Status}; allowed is 200 to 599",
        { Seconds: < 0 or > 86_400 or double.NaN } => "seconds must be 0 to 86400",
        { Share: < 0 or > 1 or double.NaN } => "share must be 0 to 1",
        { Bytes: < 1 or > 1 << 30 } => "bytes must be 1 to 1073741824",
        { BodyBase64: { } text } when !System.Buffers.Text.Base64.IsValid(text) => "body_base64 is not base64",
        _ => null,
    };

    private byte[] Content() => BodyBase64 is { } text ? Convert.FromBase64String(text) : System.Text.Encoding.UTF8.GetBytes(Body ?? "");
}

/// <summary>The replies of <see cref="SandboxReply"/> by name.</summary>
public enum SandboxReplyKind
{
    PassThrough,
    Bytes,
    Truncate,
    CutMidBody,
    WrongContentLength,
    NeverAnswer,
    DelayThenNormal,
    HugeBody,
    Html504,
    TokenInvalid,
    ScopeNotAuthorized,
    RateLimited,
    DailyLimit,
    ServerError,
    SearchIdInvalid,
    CursorInvalid,
}
