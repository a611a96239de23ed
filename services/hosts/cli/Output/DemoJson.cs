namespace IssueObservatory.Mesh.Cli.Output;

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
