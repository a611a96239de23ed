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
