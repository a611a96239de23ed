namespace IssueObservatory.Mesh.Cli.Output;

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
