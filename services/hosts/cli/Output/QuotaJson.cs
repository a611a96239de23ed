namespace IssueObservatory.Mesh.Cli.Output;

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

internal sealed record QuotaJson
{
    public required long Used { get; init; }

    public required long Limit { get; init; }

    public required DateTimeOffset? ResetsAt { get; init; }
}
