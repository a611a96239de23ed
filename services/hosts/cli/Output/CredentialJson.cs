namespace IssueObservatory.Mesh.Cli.Output;

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
