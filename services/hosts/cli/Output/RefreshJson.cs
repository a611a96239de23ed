namespace IssueObservatory.Mesh.Cli.Output;

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
