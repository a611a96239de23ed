using System.Text.Json;

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
