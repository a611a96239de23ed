namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What the API takes and what it refuses, where nobody knows for sure. The defaults are what recordings and other
/// people's clients show of today; <see cref="Strict"/> refuses everything that is not documented.</summary>
public sealed record SandboxRules
{
    /// <summary>Every documented rule in its narrowest reading: what may be tomorrow.</summary>
    public static SandboxRules Strict { get; } = new()
    {
        LongestWindowDays = 30,
        LenientReading = false,
        UnverifiedOperations = false,
        MostValues = 100,
        RevokeOnIssue = true,
        RequestsPerMinute = 600,
    };

    /// <summary>Calendar days of a video query, both ends included, 1 to 366.</summary>
    public int LongestWindowDays { get; init; } = 31;

    /// <summary>Bodies as <c>text/plain</c>, blanks in <c>fields</c>, null for what is not given, empty lists in a query, numbers as text.</summary>
    public bool LenientReading { get; init; } = true;

    /// <summary>EQ and IN for dates and counts, which no documentation confirms.</summary>
    public bool UnverifiedOperations { get; init; } = true;

    /// <summary>Most values of one condition; null: no limit.</summary>
    public int? MostValues { get; init; }

    /// <summary>A new access token makes the client key's older ones invalid.</summary>
    public bool RevokeOnIssue { get; init; }

    /// <summary>More requests than this in a sliding minute and account get 429 <c>rate_limit_exceeded</c>; null: no such limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>OAuth errors come with HTTP 200 instead of 400 and 401.</summary>
    public bool OAuthErrorsWithStatus200 { get; init; }

    /// <summary>Comments beyond this position are 400 "Invalid count or cursor", as older documentation says; null: all can be had.</summary>
    public int? CommentsCap { get; init; } = 1000;

    internal string? FirstError() => this switch
    {
        { LongestWindowDays: < 1 or > 366 } => $"longest window is {LongestWindowDays} days; allowed is 1 to 366",
        { MostValues: < 1 } => "most values must be 1 or more",
        { RequestsPerMinute: < 1 } => "requests per minute must be 1 or more",
        { CommentsCap: < 1 } => "comments cap must be 1 or more",
        _ => null,
    };
}
