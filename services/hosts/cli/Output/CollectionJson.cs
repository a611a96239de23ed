using System.Text.Json.Serialization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>A collection, as <c>collect</c>, <c>watch</c> and <c>status</c> write it.</summary>
internal sealed record CollectionJson
{
    public required string CollectionId { get; init; }

    public required string State { get; init; }

    public required RequestsJson Requests { get; init; }

    public required RecordCountsJson Records { get; init; }

    public required DaysJson Days { get; init; }

    public required IReadOnlyList<GapJson> Gaps { get; init; }

    public required IReadOnlyList<InputJson> Inputs { get; init; }

    public required QuotaJson? Quota { get; init; }

    public required double ElapsedSeconds { get; init; }

    /// <summary>What it was expected to cost when it was submitted; only there when that was kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EstimatedUnitsJson? Estimate { get; init; }

    /// <summary>How many were to be drawn; only there when it is a sample.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Sample { get; init; }

    /// <summary>Only there when one was set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LimitsJson? Limits { get; init; }

    /// <summary>Only there while it is standing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StandingJson? Standing { get; init; }

    /// <summary>Checks of our own matching; only there when there were any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MatchCheckJson>? MatchChecks { get; init; }

    public static CollectionJson Of(CollectionStatus status) => new()
    {
        CollectionId = status.CollectionId,
        State = Words.Of(status.State),
        Requests = new() { Sent = status.Requests?.Sent ?? 0, Ok = status.Requests?.Ok ?? 0, Failed = status.Requests?.Failed ?? 0 },
        Records = new()
        {
            Received = status.Records?.Received ?? 0,
            New = status.Records?.New ?? 0,
            Updated = status.Records?.Updated ?? 0,
            Unattributed = status.Records?.Unattributed ?? 0,
            Quarantined = status.Records?.Quarantined ?? 0,
            Held = status.Records is { HasHeld: true } counts ? counts.Held : null,
        },
        Days = new() { Complete = status.Days?.Complete ?? 0, Gap = status.Days?.Gap ?? 0, Pending = status.Days?.Pending ?? 0, Doubtful = status.Days?.Doubtful ?? 0 },
        Gaps = [.. status.Gaps.Select(GapJson.Of)],
        Inputs = [.. status.Inputs.Select(input => new InputJson { Input = input.Input, Result = Words.Of(input.Result), Reason = input.Reason is { Length: > 0 } reason ? reason : null })],
        Quota = status.Quota is null ? null : new() { Used = status.Quota.Used, Limit = status.Quota.Limit, ResetsAt = status.Quota.ResetsAt?.ToDateTimeOffset() },
        Estimate = status.Estimate is null ? null : new() { MinUnits = status.Estimate.MinUnits, LikelyUnits = status.Estimate.LikelyUnits },
        Sample = status.Spec?.Sample ?? 0,
        Limits = LimitsJson.Of(status),
        MatchChecks = status.MatchChecks.Count == 0 ? null : [.. status.MatchChecks.Select(check => new MatchCheckJson { Class = Words.Of(check.Class), Videos = check.Videos, Missed = check.Missed, Invented = check.Invented })],
        Standing = status.Standing is { } standing ? new() { UpTo = Words.OrNull(standing.UpTo), NextAt = standing.NextAt?.ToDateTimeOffset(), UnitsToday = status.UnitsToday } : null,
        ElapsedSeconds = Math.Round(status.Elapsed?.ToTimeSpan().TotalSeconds ?? 0, 3),
    };
}

/// <summary>Limits that were set; each is only there when it was.</summary>
internal sealed record LimitsJson
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long UnitsPerDay { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long MaxUnits { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long MaxResults { get; init; }

    /// <summary>Of what is followed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastDay { get; init; }

    /// <summary>Null when none was set.</summary>
    public static LimitsJson? Of(CollectionStatus status) => CollectionText.Limits(status).Length == 0 ? null : new()
    {
        UnitsPerDay = status.Spec.UnitsPerDay,
        MaxUnits = status.Spec.MaxUnits,
        MaxResults = status.Spec.MaxResults,
        LastDay = CollectionText.LastDay(status),
    };
}

internal sealed record StandingJson
{
    /// <summary>Every day up to this one has been read or is a gap; null before the first.</summary>
    public required string? UpTo { get; init; }

    public required DateTimeOffset? NextAt { get; init; }

    public required long UnitsToday { get; init; }
}

internal sealed record EstimatedUnitsJson
{
    public required long MinUnits { get; init; }

    public required long LikelyUnits { get; init; }
}

internal sealed record MatchCheckJson
{
    public required string Class { get; init; }

    public required long Videos { get; init; }

    public required long Missed { get; init; }

    public required long Invented { get; init; }
}

internal sealed record RequestsJson
{
    public required long Sent { get; init; }

    public required long Ok { get; init; }

    public required long Failed { get; init; }
}

internal sealed record RecordCountsJson
{
    public required long Received { get; init; }

    public required long New { get; init; }

    public required long Updated { get; init; }

    public required long Unattributed { get; init; }

    public required long Quarantined { get; init; }

    /// <summary>Records that it has, whoever paid for them; only there once they were counted, at its end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Held { get; init; }
}

internal sealed record DaysJson
{
    public required long Complete { get; init; }

    public required long Gap { get; init; }

    public required long Pending { get; init; }

    /// <summary>Only there when there are any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Doubtful { get; init; }
}

internal sealed record GapJson
{
    /// <summary>Null when lists are missing rather than days.</summary>
    public required string? From { get; init; }

    public required string? To { get; init; }

    public required string Reason { get; init; }

    public required string Class { get; init; }

    public required IReadOnlyList<string> Clauses { get; init; }

    public required IReadOnlyList<string> LogIds { get; init; }

    public static GapJson Of(Gap gap) => new()
    {
        From = Words.OrNull(gap.Days.From),
        To = Words.OrNull(gap.Days.To),
        Reason = Words.Of(gap.Reason),
        Class = Words.Of(gap.Class),
        Clauses = gap.Clauses,
        LogIds = gap.LogIds,
    };
}

internal sealed record InputJson
{
    public required string Input { get; init; }

    public required string Result { get; init; }

    public required string? Reason { get; init; }
}
