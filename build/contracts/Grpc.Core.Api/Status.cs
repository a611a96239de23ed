namespace Grpc.Core;

/// <summary>A status code with the text that goes with it.</summary>
public readonly struct Status(StatusCode statusCode, string detail, Exception? debugException)
{
    private readonly string? _detail = detail;

    /// <summary>OK without a detail.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>CANCELLED without a detail.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    public Status(StatusCode statusCode, string detail) : this(statusCode, detail, null)
    {
    }

    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>Sent to the other side. Never null, not even on <c>default(Status)</c>.</summary>
    public string Detail => _detail ?? "";

    /// <summary>Stays in this process: what the runtime caught when it made this status, if anything.</summary>
    public Exception? DebugException { get; } = debugException;

    public override string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\")";
}
