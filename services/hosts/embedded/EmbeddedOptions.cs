using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Embedded;

/// <summary>How to run all services in one process.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>The folder that holds everything; made when it is missing. One process at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Port on loopback for callers; 0 takes a free one.</summary>
    public int CallersPort { get; init; }

    /// <summary>Configuration that wins over the environment, e.g. <c>QUOTA_DAILY_REQUESTS</c> or <c>QuotaGovernor:MaxInFlight</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The clock of everything in it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The least level that goes to stderr, one line each: WARNING or above, NONE for nothing. Nothing ever goes to stdout.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
}
