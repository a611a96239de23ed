namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>How fast TikTok lets us be: a little faster after each answer, half as fast after each <c>rate_limit_exceeded</c>.</summary>
/// <param name="RequestsPerSecond">The present rate.</param>
/// <param name="PausedUntil">TikTok asked for a pause until then.</param>
/// <param name="Refusals">Times in a row that TikTok asked.</param>
internal sealed record Pace(double RequestsPerSecond, DateTimeOffset? PausedUntil, int Refusals)
{
    /// <summary>Requests a second that are never exceeded.</summary>
    public const double Fastest = 5;

    /// <summary>One request in twenty seconds; slower makes no sense beside the pauses.</summary>
    public const double Slowest = 0.05;

    private const double Step = 0.1;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>The pace of a beginning.</summary>
    public static Pace Start(double requestsPerSecond) => new(requestsPerSecond, null, 0);

    /// <summary>Time between two grants.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(1 / Math.Clamp(RequestsPerSecond, Slowest, Fastest));

    /// <summary>TikTok answered.</summary>
    public Pace Answered() => new(Math.Min(Fastest, RequestsPerSecond + Step), null, 0);

    /// <summary>TikTok asked for a pause: seconds, doubled each time in a row, up to a minute.</summary>
    /// <param name="now">The present.</param>
    /// <param name="jitter">0 to 1; spreads those who come back.</param>
    public Pace RateLimited(DateTimeOffset now, double jitter)
    {
        var pause = ShortestPause * Math.Pow(2, Math.Min(Refusals, 6)) * (1 + (0.25 * jitter));
        return new(Math.Max(Slowest, RequestsPerSecond / 2), now + (pause < LongestPause ? pause : LongestPause), Refusals + 1);
    }
}
