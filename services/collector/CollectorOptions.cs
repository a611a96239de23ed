using System.ComponentModel.DataAnnotations;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Section <c>Collector</c>.</summary>
public sealed record CollectorOptions : IValidatableObject
{
    /// <summary>Longest window of one search, in days, both ends counted.</summary>
    [Range(1, 31)]
    public int WindowDays { get; init; } = 31;

    /// <summary>Days until a video can be found; younger days are not asked for.</summary>
    [Range(0, 10)]
    public int IndexLagDays { get; init; } = 2;

    /// <summary>Age in days at which days of standing collections are read once more, for videos that came late; 0: never.</summary>
    [Range(0, 31)]
    public int RereadAtDays { get; init; } = 10;

    /// <summary>Most clauses that one search merges.</summary>
    [Range(1, 500)]
    public int MaxMergedClauses { get; init; } = 60;

    /// <summary>Days between two checks of what is found locally in merged answers against what TikTok finds, for each lab and class of terms; each costs a unit. 0: never.</summary>
    [Range(0, 365)]
    public int MatchCheckDays { get; init; } = 7;

    /// <summary>Most video ids in one search; a page holds 100.</summary>
    [Range(1, 100)]
    public int MaxIds { get; init; } = 100;

    /// <summary>Pause in seconds before a 500 on a first page is confirmed by one more request.</summary>
    [Range(0, 3600)]
    public double ConfirmPauseSeconds { get; init; } = 30;

    /// <summary>Seconds until a new compliance task is first asked whether it is done; the pause doubles with each answer that it is not. Each costs a unit.</summary>
    [Range(0.1, 900)]
    public double CompliancePollSeconds { get; init; } = 30;

    /// <summary>Most probes a day, of all blackouts together: single days that are asked for to see whether they have healed. 0: none.</summary>
    [Range(0, 100)]
    public int ProbesPerDay { get; init; } = 20;

    /// <summary>Days for which a user's profile is not read again.</summary>
    [Range(0, 365)]
    public int ProfileCacheDays { get; init; } = 30;

    /// <summary>Days for which another list (comments, followers, …) is not read again; 0: always.</summary>
    [Range(0, 30)]
    public int ListCacheDays { get; init; } = 1;

    /// <summary>Whether a new collection is refused whose videos could not be read again in time; if not, only the forecast warns.</summary>
    public bool RefuseOverForecast { get; init; }

    /// <summary>Days for which a request_id is remembered.</summary>
    [Range(1, 365)]
    public int RequestIdDays { get; init; } = 30;

    /// <summary>Seconds between two sweeps: pages without an answer are announced again.</summary>
    [Range(1, 3600)]
    public double SweepSeconds { get; init; } = 30;

    /// <summary>Whether collections that an earlier process left unfinished go on by themselves. If not, Submit or Resume wakes them.</summary>
    public bool ResumeUnfinished { get; init; } = true;

    /// <summary>Searches that are walked at the same time; the governor limits requests on their way as well.</summary>
    [Range(1, 4)]
    public int Walkers { get; init; } = 1;

    /// <summary>Seconds between two heartbeats of a collector.</summary>
    [Range(0.2, 30)]
    public double HeartbeatSeconds { get; init; } = 2;

    /// <summary>Seconds for which a heartbeat is good: a collector whose heartbeat stands still for longer loses its requests to the others.</summary>
    [Range(1, 300)]
    public double HeartbeatGoodForSeconds { get; init; } = 10;

    internal TimeSpan Heartbeat => TimeSpan.FromSeconds(HeartbeatSeconds);

    internal TimeSpan HeartbeatGoodFor => TimeSpan.FromSeconds(HeartbeatGoodForSeconds);

    internal TimeSpan ConfirmPause => TimeSpan.FromSeconds(ConfirmPauseSeconds);

    internal TimeSpan CompliancePoll => TimeSpan.FromSeconds(CompliancePollSeconds);

    internal TimeSpan Sweep => TimeSpan.FromSeconds(SweepSeconds);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HeartbeatGoodForSeconds < 2 * HeartbeatSeconds)
        {
            yield return new ValidationResult($"Collector:{nameof(HeartbeatGoodForSeconds)} must be at least twice Collector:{nameof(HeartbeatSeconds)}.");
        }
    }
}
