using System.Text.Json;
using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Cli.Output;

internal sealed record EstimateJson
{
    public required long Searches { get; init; }

    public required long MinUnits { get; init; }

    public required long LikelyUnits { get; init; }

    /// <summary>Terms, accounts and queries.</summary>
    public required int Clauses { get; init; }

    /// <summary>Those of them that have been counted before.</summary>
    public required int CountedClauses { get; init; }

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
