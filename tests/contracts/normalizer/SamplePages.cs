using IssueObservatory.Mesh.Normalizer;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Decided pages as stores get them.</summary>
internal static class SamplePages
{
    public const string Lab = "lab-a";
    public static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Day = new(2026, 1, 10);

    public static RecordSelection Select(params string[] clauses) => new()
    {
        Clauses = clauses.ToDictionary(clause => clause, _ => new SelectedDays(Day.DayNumber, Day.DayNumber), StringComparer.Ordinal),
        Terms = [.. clauses.Select(clause => (clause, "#" + clause))],
    };

    public static NormalizedPage Page(string id, DateTimeOffset fetchedAt, params Func<string, DateTimeOffset, int, NormalizedItem>[] items) => new()
    {
        PageId = id,
        FetchedAt = fetchedAt,
        Received = items.Length,
        Items = [.. items.Select((item, position) => item(id, fetchedAt, position))],
    };

    public static Func<string, DateTimeOffset, int, NormalizedItem> Item(
        string id, string? clause, bool attributed = true, string? name = null, long? views = 1, long? upload = 1_768_032_000, string? language = null, DateOnly? day = null) =>
        (page, fetchedAt, position) =>
        {
            var version = new ReadVersion(fetchedAt.ToUnixTimeMilliseconds(), page, position);
            return new()
            {
                Position = position,
                Names = name is null ? null : new(name),
                Day = day ?? Day,
                Matches = clause is null ? [] : [new(clause, attributed)],
                Stored = new StoredRecord
                {
                    PlatformId = id,
                    Version = version,
                    FirstReadAt = version.At,
                    CreateTime = upload,
                    Tier = "free",
                    Caption = new("tekst", "hash", language, language is null ? null : 1),
                    Counts = new() { Version = version, Views = views },
                },
            };
        };

    /// <summary>A document of a type with some names.</summary>
    public static Func<string, DateTimeOffset, int, NormalizedItem> Document(StoredType type, string key, string? clause, long number = 1, string? name = null, string? other = null, params string[] set) =>
        (page, fetchedAt, position) => new()
        {
            Position = position,
            Names = name is null ? null : new(name, other, new() { ["username"] = name }),
            Day = Day,
            Matches = clause is null ? [] : [new(clause, Attributed: true)],
            Stored = new StoredDocument
            {
                Type = type,
                DocumentKey = key,
                Version = new(fetchedAt.ToUnixTimeMilliseconds(), page, position),
                Fields = new() { ["number"] = number },
                Withheld = name is null ? [] : ["username"],
                Set = set.Length > 0 ? [.. set.Select((id, place) => new SeenId(id, fetchedAt.ToUnixTimeMilliseconds(), place))] : null,
            },
        };

    /// <summary>A comment of the same id as a video is another record.</summary>
    public static Func<string, DateTimeOffset, int, NormalizedItem> Comment(string id, string clause, string? displayName = null, long upload = 1_768_032_000) => (page, fetchedAt, position) =>
    {
        var item = Item(id, clause, upload: upload)(page, fetchedAt, position);
        return item with
        {
            Names = displayName is null ? null : new(Username: null, Fields: new() { ["display_name"] = displayName }),
            Stored = (StoredRecord)item.Stored with { Type = StoredType.Comment, ParentPostId = "9", HasDisplayName = displayName is null ? null : true },
        };
    };

    public static async Task<List<ViewedItem>> SortedAsync(this IRecordStore store, params RecordSelection[] selections)
    {
        List<ViewedItem> videos = [];
        await foreach (var batch in store.ListSortedAsync(Lab, selections, CancellationToken.None))
        {
            videos.AddRange(batch);
        }

        return videos;
    }
}
