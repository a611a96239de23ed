using System.ComponentModel.DataAnnotations;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>How much may be spent a day, and how fast. Section <c>QuotaGovernor</c>.</summary>
internal sealed record QuotaGovernorOptions : IValidatableObject
{
    /// <summary>Name of the section.</summary>
    public const string Section = "QuotaGovernor";

    /// <summary>Requests per account and UTC day, followers and following apart. Environment: QUOTA_DAILY_REQUESTS.</summary>
    [Range(1, 1_000_000, ErrorMessage = "QuotaGovernor:DailyRequests (QUOTA_DAILY_REQUESTS) must be a whole number from 1 to 1000000.")]
    public int DailyRequests { get; init; } = 1000;

    /// <summary>Requests for followers and following per account and UTC day. Environment: QUOTA_DAILY_FOLLOW_REQUESTS.</summary>
    [Range(1, 1_000_000, ErrorMessage = "QuotaGovernor:DailyFollowRequests (QUOTA_DAILY_FOLLOW_REQUESTS) must be a whole number from 1 to 1000000.")]
    public int DailyFollowRequests { get; init; } = 20_000;

    /// <summary>Requests a second to begin with; the rate rises to 5 while TikTok allows and halves when it does not. 0 switches every pacing off, that of background work too.</summary>
    [Range(0.0, 5.0, ErrorMessage = "QuotaGovernor:RequestsPerSecond must be a number from 0 (no pacing) to 5.")]
    public double RequestsPerSecond { get; init; } = 1;

    /// <summary>Requests on their way at one time, per account and bucket.</summary>
    [Range(1, 4, ErrorMessage = "QuotaGovernor:MaxInFlight must be a whole number from 1 to 4.")]
    public int MaxInFlight { get; init; } = 1;

    /// <summary>
    /// PACING_MODE_PACED spreads work that nobody waits for over the day; PACING_MODE_BURST lets it follow the pace that TikTok allows.
    /// This and the next three are what a budget starts with; a policy that was set for it stands instead.
    /// </summary>
    [AllowedValues(PacingMode.Burst, PacingMode.Paced, ErrorMessage = "QuotaGovernor:Mode must be Burst or Paced.")]
    public PacingMode Mode { get; init; } = PacingMode.Paced;

    /// <summary>Requests an hour for work that nobody waits for (refresh and backfill), per account and bucket, evenly spread; only when paced.</summary>
    [Range(1, 18_000, ErrorMessage = "QuotaGovernor:BackgroundPerHour must be a whole number from 1 to 18000.")]
    public int BackgroundPerHour { get; init; } = 40;

    /// <summary>
    /// Share of the day that only interactive work may use, rounded down to units; released in the last hour before midnight.
    /// Once three days are known, what the days before used is kept instead; 0 keeps nothing, ever.
    /// </summary>
    [Range(0.0, 1.0, ErrorMessage = "QuotaGovernor:InteractiveShare must be a number from 0 to 1.")]
    public double InteractiveShare { get; init; } = 0.1;

    /// <summary>Share of the day that refreshes may take before interactive work when their deadlines leave no choice; unset: all but the interactive share.</summary>
    [Range(0.0, 1.0, ErrorMessage = "QuotaGovernor:RefreshShare must be a number from 0 to 1.")]
    public double? RefreshShare { get; init; }

    /// <summary>No grant this long before and after 00:00 UTC. Longer than <see cref="GrantLifetime"/> and <see cref="MaxClockSkew"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00", ErrorMessage = "QuotaGovernor:MidnightGuard must be a time from 00:00:02 to 00:10:00.")]
    public TimeSpan MidnightGuard { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>A grant that is not marked SENT within this time is taken back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30", ErrorMessage = "QuotaGovernor:GrantLifetime must be a time from 00:00:01 to 00:00:30.")]
    public TimeSpan GrantLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far our clock and TikTok's may differ.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30", ErrorMessage = "QuotaGovernor:MaxClockSkew must be a time from 00:00:01 to 00:00:30.")]
    public TimeSpan MaxClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether TikTok's <c>Date</c> judges our clock; true for the real host only, since a sandbox's clock can be moved.</summary>
    public bool RefereeClock { get; init; }

    /// <summary>The account that pays when a request names none, and that is always shown. 1–64 characters of a–z, 0–9, - and _.</summary>
    [RegularExpression("^[a-z0-9_-]{1,64}$", ErrorMessage = "QuotaGovernor:DefaultAccount must be 1 to 64 characters of a-z, 0-9, - and _.")]
    public string DefaultAccount { get; init; } = "default";

    /// <summary>Units a day of a bucket.</summary>
    public int LimitOf(QuotaBucket bucket) => bucket is QuotaBucket.Follow ? DailyFollowRequests : DailyRequests;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MidnightGuard <= GrantLifetime || MidnightGuard <= MaxClockSkew)
        {
            yield return new ValidationResult("QuotaGovernor:MidnightGuard must be longer than QuotaGovernor:GrantLifetime and QuotaGovernor:MaxClockSkew.");
        }

        if (InteractiveShare + RefreshShare > 1 + 1e-9)
        {
            yield return new ValidationResult("QuotaGovernor:InteractiveShare and QuotaGovernor:RefreshShare must together be at most 1.");
        }
    }
}
