using System.Text.Json;
using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Cli.Output;

internal sealed record FailureJson
{
    public required FailureReasonJson Error { get; init; }
}

internal sealed record FailureReasonJson
{
    public required string Reason { get; init; }

    public required string Message { get; init; }
}

internal sealed record CollectionListJson
{
    public required IReadOnlyList<CollectionJson> Collections { get; init; }
}

internal sealed record CoverageJson
{
    public required string CollectionId { get; init; }

    public required IReadOnlyList<CoverageSpanJson> Spans { get; init; }
}

internal sealed record CoverageSpanJson
{
    public required string Input { get; init; }

    public required string Class { get; init; }

    public required string? From { get; init; }

    public required string? To { get; init; }

    public required string State { get; init; }

    public required string? Reason { get; init; }

    /// <summary>Only there when true.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Doubtful { get; init; }

    /// <summary>Videos that the days brought for the input; null when nobody counted.</summary>
    public required long? Videos { get; init; }
}

internal sealed record EstimateJson
{
    public required long Searches { get; init; }

    public required long MinUnits { get; init; }

    public required long LikelyUnits { get; init; }

    public required long Lists { get; init; }

    public required string Bucket { get; init; }

    public required double QuotaDays { get; init; }

    /// <summary>Of a collection without an end, for each day to come; only there then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double UnitsPerDay { get; init; }

    public required long AskedClauseDays { get; init; }

    public required long CoveredClauseDays { get; init; }

    public required IReadOnlyList<GapJson> KnownGaps { get; init; }

    public required IReadOnlyList<BlackoutJson> ReportedBlackouts { get; init; }

    public required IReadOnlyList<PlannedSearchJson> Planned { get; init; }

    /// <summary>Only there when its videos could not be read again in time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RefreshOverloadJson? RefreshOverload { get; init; }
}

internal sealed record RefreshOverloadJson
{
    public required string Day { get; init; }

    public required long Units { get; init; }

    public required long AddedUnits { get; init; }

    public required long Available { get; init; }

    public required bool Refused { get; init; }

    public required string Message { get; init; }

    /// <summary>Null when there is none.</summary>
    public static RefreshOverloadJson? Of(V1.RefreshOverload? over) => over is null ? null : new()
    {
        Day = over.Day,
        Units = over.Units,
        AddedUnits = over.AddedUnits,
        Available = over.Available,
        Refused = over.Refused,
        Message = over.Message,
    };
}

internal sealed record PlannedSearchJson
{
    public required string Class { get; init; }

    /// <summary>The kind of the list; absent for videos.</summary>
    public required string? List { get; init; }

    public required string? From { get; init; }

    public required string? To { get; init; }

    public required IReadOnlyList<string> Inputs { get; init; }
}

internal sealed record QueryCheckJson
{
    public required IReadOnlyList<JsonElement> Queries { get; init; }
}

internal sealed record QuotaListJson
{
    public required IReadOnlyList<AccountQuotaJson> Quotas { get; init; }
}

internal sealed record AccountQuotaJson
{
    public required string Account { get; init; }

    public required string Bucket { get; init; }

    public required string Day { get; init; }

    public required long Used { get; init; }

    public required long Limit { get; init; }

    public required DateTimeOffset? ResetsAt { get; init; }

    public required long InFlight { get; init; }

    public required long Kept { get; init; }

    public required QuotaPolicyJson Policy { get; init; }
}

internal sealed record QuotaPolicyResultJson
{
    public required string Account { get; init; }

    public required string Bucket { get; init; }

    public required QuotaPolicyJson Policy { get; init; }
}

internal sealed record QuotaPolicyJson
{
    public required string Mode { get; init; }

    public required int BackgroundPerHour { get; init; }

    public required double InteractiveShare { get; init; }

    public required double RefreshShare { get; init; }

    public required IReadOnlyDictionary<string, long> CallerCaps { get; init; }

    public required IReadOnlyDictionary<string, double> CallerWeights { get; init; }
}

internal sealed record QuotaForecastJson
{
    public required long Available { get; init; }

    public required string? FirstDayOver { get; init; }

    public required IReadOnlyList<QuotaForecastDayJson> Days { get; init; }
}

internal sealed record QuotaForecastDayJson
{
    public required string Day { get; init; }

    public required long Units { get; init; }
}

internal sealed record CredentialListJson
{
    public required IReadOnlyList<CredentialJson> Credentials { get; init; }
}

internal sealed record CredentialJson
{
    public required string CredentialId { get; init; }

    public required string Account { get; init; }

    public required string ClientKeyHint { get; init; }

    public required string State { get; init; }

    public required DateTimeOffset? UpdatedAt { get; init; }
}

internal sealed record CredentialCheckJson
{
    public required bool Accepted { get; init; }

    public required string? ErrorCode { get; init; }

    public required string? LogId { get; init; }

    public required double? LifetimeSeconds { get; init; }
}

internal sealed record RecordsJson
{
    public required IReadOnlyList<JsonElement> Records { get; init; }
}

internal sealed record ExportJson
{
    public required string Out { get; init; }

    public required long Records { get; init; }

    public required IReadOnlyList<GapJson> Gaps { get; init; }

    public required IReadOnlyList<string> UnfinishedCollectionIds { get; init; }
}

internal sealed record RefreshVerifyJson
{
    public required long Videos { get; init; }

    public required long Comments { get; init; }

    public required long LeftOut { get; init; }

    public required int Batches { get; init; }

    public required long LikelyUnits { get; init; }

    public required long Alive { get; init; }

    public required IReadOnlyList<KeptItemJson> Missing { get; init; }

    public required IReadOnlyList<UnfinishedCheckJson> Unfinished { get; init; }
}

internal sealed record KeptItemJson
{
    public required string PlatformId { get; init; }

    public required string Kind { get; init; }
}

internal sealed record UnfinishedCheckJson
{
    public required string CheckId { get; init; }

    public required string Kind { get; init; }

    public required long Items { get; init; }

    public required string State { get; init; }

    public required string? Reason { get; init; }
}

internal sealed record MissingItemJson
{
    public required string PlatformId { get; init; }

    public required string Kind { get; init; }

    public required string Missed { get; init; }

    public required DateTimeOffset MissedAt { get; init; }

    public required DateTimeOffset LookedAt { get; init; }
}

internal sealed record RefreshStatusJson
{
    public required long Scheduled { get; init; }

    public required long Due { get; init; }

    public required long Overdue { get; init; }

    public required long InFlight { get; init; }

    public required DateTimeOffset? NextDueAt { get; init; }

    public required long Comments { get; init; }

    public required IReadOnlyList<MissingItemJson> Missing { get; init; }
}

internal sealed record RefreshRunJson
{
    public required long Batches { get; init; }

    public required long Videos { get; init; }

    public required long Left { get; init; }

    public required long InFlight { get; init; }
}

internal sealed record ReplayJson
{
    public required long Released { get; init; }

    public required long Remaining { get; init; }
}

internal sealed record DeadLettersJson
{
    public required bool Kept { get; init; }

    public required IReadOnlyList<DeadLetterJson> DeadLetters { get; init; }

    public required bool HasMore { get; init; }
}

internal sealed record DeadLetterJson
{
    public required string EventId { get; init; }

    public required string Queue { get; init; }

    public required string Reason { get; init; }

    public required int Tries { get; init; }

    public required DateTimeOffset? DiedAt { get; init; }
}

internal sealed record DeadLetterReplayJson
{
    public required bool Kept { get; init; }

    public required long Replayed { get; init; }

    public required long Remaining { get; init; }
}

internal sealed record VersionJson
{
    public required string Version { get; init; }

    public required string Runtime { get; init; }
}

internal sealed record UpJson
{
    public required Uri Address { get; init; }

    public required string KeyFile { get; init; }
}

internal sealed record DemoJson
{
    public required string Data { get; init; }

    public required long Records { get; init; }

    public required long Units { get; init; }

    public required double RecordsPerUnit { get; init; }

    public required long RefreshUnits { get; init; }

    public required IReadOnlyList<GapJson> Gaps { get; init; }

    public required IReadOnlyList<HashtagJson> Hashtags { get; init; }

    public required long RefreshedVideos { get; init; }

    public required long TokensFetched { get; init; }

    public required IReadOnlyList<CollectionJson> Collections { get; init; }

    public required double ElapsedSeconds { get; init; }
}

internal sealed record HashtagJson
{
    public required string Hashtag { get; init; }

    public required long Videos { get; init; }
}
