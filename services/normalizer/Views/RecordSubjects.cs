using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>What a list could be read of for the records of a selection, each once: a decision of one answer.</summary>
internal sealed class RecordSubjects(ApiEndpoint endpoint)
{
    private readonly HashSet<string> told = new(StringComparer.Ordinal);

    private readonly Func<ViewedItem, (string? Subject, long Items)> read = endpoint switch
    {
        ApiEndpoint.Comments => Video,
        ApiEndpoint.UserInfo => Author,
        _ => throw MeshException.BadInput("endpoint", "endpoint must be COMMENTS (of the videos) or USER_INFO (of their authors)."),
    };

    /// <summary>Whether the subjects are user names.</summary>
    public bool AreNames => endpoint is ApiEndpoint.UserInfo;

    /// <summary>The records of a selection, with names when they are asked for.</summary>
    public RecordSelection Narrow(RecordSelection selection) => selection with { Type = null, Identified = AreNames };

    /// <summary>Those that have not been told, with the items that the list holds as far as the record says.</summary>
    public IEnumerable<(string Subject, long Items)> Of(IEnumerable<ViewedItem> items) =>
        from item in items
        let found = read(item)
        where found.Subject is not null && told.Add(found.Subject)
        select (found.Subject, found.Items);

    /// <summary>A video whose count is unknown may have comments; one that says zero has none.</summary>
    private static (string? Subject, long Items) Video(ViewedItem item) =>
        item.Stored is StoredRecord { Type: StoredType.Video } video && video.Counts?.Comments is not 0 ? (video.PlatformId, video.Counts?.Comments ?? 0) : (null, 0);

    private static (string? Subject, long Items) Author(ViewedItem item) => (item.Names?.Username?.ToLowerInvariant(), 1);
}
