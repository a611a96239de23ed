using System.ComponentModel.DataAnnotations;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Settings of the refresh-scheduler; section <c>RefreshScheduler</c>.</summary>
public sealed record RefreshSchedulerOptions
{
    /// <summary>Whether due refreshes run by themselves and spend quota. RunRefresh works either way.</summary>
    public bool Spends { get; init; } = true;

    /// <summary>Requests of one run, and at most this many on their way at once, 1–10,000. RunRefresh has its own limit.</summary>
    [Range(1, 10_000, ErrorMessage = "RefreshScheduler:MaxBatchesPerRun must be 1–10000.")]
    public int MaxBatchesPerRun { get; init; } = 20;

    /// <summary>Seconds between two runs, 1–86,400.</summary>
    [Range(1, 86_400, ErrorMessage = "RefreshScheduler:RunEverySeconds must be 1–86400.")]
    public int RunEverySeconds { get; init; } = 60;

    /// <summary>Seconds until a batch without an answer is handed to the collector once more, 10–86,400. That is safe and costs nothing.</summary>
    [Range(10, 86_400, ErrorMessage = "RefreshScheduler:RepeatAfterSeconds must be 10–86400.")]
    public int RepeatAfterSeconds { get; init; } = 600;

    /// <summary>Seconds until videos of a refresh that failed are due again, 1–86,400.</summary>
    [Range(1, 86_400, ErrorMessage = "RefreshScheduler:PauseAfterFailureSeconds must be 1–86400.")]
    public int PauseAfterFailureSeconds { get; init; } = 3600;

    /// <summary>Seconds until videos whose days are dark are asked for again when nothing tells that TikTok answers for them, 1–86,400. Asking makes the probes that are due, of which each day has one a day at most.</summary>
    [Range(1, 86_400, ErrorMessage = "RefreshScheduler:PauseWhileDarkSeconds must be 1–86400.")]
    public int PauseWhileDarkSeconds { get; init; } = 14_400;
}
