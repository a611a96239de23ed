using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Cli.Output;

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
