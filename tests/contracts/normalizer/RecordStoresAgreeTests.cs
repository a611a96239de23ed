using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using MongoDB.Bson;
using Shouldly;
using static IssueObservatory.Mesh.Tests.Normalizer.SamplePages;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Two processes over MongoDB, given pages in any order and again and again, end with what one process over SQLite ends with.</summary>
public sealed class RecordStoresAgreeTests(MongoTestServer server) : IClassFixture<MongoTestServer>, IDisposable
{
    private static readonly string[] Clauses = ["a", "b", "c"];
    private static readonly RecordSelection[] Selections =
        [Select("a"), Select("b", "c"), Select("a", "b", "c") with { Languages = ["da"] }, Select("a", "b", "c") with { Type = StoredType.Playlist }];

    private readonly TemporaryFolder folder = new();

    private enum Kind
    {
        Videos,
        Comments,
        Documents,
    }

    private readonly MongoRecordDatabases databases = new(server);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Order_repeats_and_processes_never_show(int seed)
    {
        var random = new Random(seed);
        NormalizedPage[] searches = [.. Enumerable.Range(0, 14).Select(number => RandomPage(random, $"s{number}", refresh: false))];
        NormalizedPage[] refreshes = [.. Enumerable.Range(0, 6).Select(number => RandomPage(random, $"r{number}", refresh: true))];

        using var sqlite = SqliteRecordStore.Open(Path.Combine(folder.Path, "normalizer.db"), Path.Combine(folder.Path, "identified.db"));
        foreach (var page in searches.Concat(refreshes))
        {
            await sqlite.KeepAsync(Lab, page, Now, CancellationToken.None);
        }

        MongoRecordStore[] stores = [databases.Open(), databases.Open()];
        var firstTimes = await KeepAsync(stores, searches, random) + await KeepAsync(stores, refreshes, random);

        firstTimes.ShouldBe(searches.Length + refreshes.Length);
        (await databases.AllAsync(MongoRecordSchema.Records)).Select(Text).ShouldBe(SqliteRecords());
        (await databases.AllAsync(MongoRecordSchema.Matches)).Select(match => $"{match["clause_id"]} {match["day"]} {match["platform_id"]} {match["attributed"]}")
            .ShouldBe(Sqlite("SELECT clause_id || ' ' || day || ' ' || platform_id || ' ' || iif(attributed, 'true', 'false') FROM matches"), ignoreOrder: true);
        (await databases.AllAsync(MongoRecordSchema.Observations)).Select(Text).ShouldBe(
            Sqlite("SELECT 'lab-a/' || platform_id || '/' || fetched_at || '/' || page_id || '/' || printf('%05d', position) || ' ' || views FROM observations"), ignoreOrder: true);
        (await databases.AllAsync(MongoRecordSchema.Quarantine)).Select(item => $"{item["item_id"]} {item["reason"]}").ShouldBe(Sqlite("SELECT item_id || ' ' || reason FROM quarantine"), ignoreOrder: true);
        (await databases.AllAsync(MongoRecordSchema.Pages)).Select(page => $"{page["_id"]} {page["received"]} {page["new_records"].AsInt32 + page["updated_records"].AsInt32} {page["unattributed"]} {page["quarantined"]}")
            .ShouldBe(Sqlite("SELECT 'lab-a/' || page_id || ' ' || received || ' ' || (new_records + updated_records) || ' ' || unattributed || ' ' || quarantined FROM normalized_pages"), ignoreOrder: true);
        await ShouldReadAlikeAsync(sqlite, stores[0]);
        await ShouldHaveAWholeChangeLogAsync(stores[1]);
    }

    public void Dispose()
    {
        databases.Dispose();
        folder.Dispose();
    }

    private static NormalizedPage RandomPage(Random random, string id, bool refresh)
    {
        var kind = refresh ? Kind.Videos : (Kind)random.Next(3);
        var items = Enumerable.Range(0, 5).Select(_ =>
        {
            var video = random.Next(12);
            if (kind is not Kind.Videos)
            {
                return kind is Kind.Comments
                    ? Comment($"{video}", Clauses[random.Next(Clauses.Length)], random.Next(2) == 0 ? $"navn {random.Next(4)}" : null, upload: 1_768_032_000 + video)
                    : Document(
                        StoredType.Playlist, $"{video % 4}", Clauses[random.Next(Clauses.Length)], random.Next(100), random.Next(2) == 0 ? $"name-{random.Next(4)}" : null, null,
                        [.. Enumerable.Range(0, random.Next(4)).Select(_ => $"{random.Next(9)}").Distinct(StringComparer.Ordinal)]);
            }

            return Item(
                $"{video}",
                refresh ? null : Clauses[random.Next(Clauses.Length)],
                attributed: random.Next(2) == 0,
                name: $"name-{random.Next(4)}",
                views: random.Next(100),
                upload: random.Next(4) == 0 ? null : 1_768_032_000 + video,
                language: random.Next(3) switch { 0 => "da", 1 => "sv", _ => null },
                day: Day.AddDays(random.Next(2)));
        });

        // Some pages are of the same moment, so that page and position decide.
        return Page(id, Now.AddMinutes(random.Next(8)), [.. items]) with { Refresh = refresh, Received = 6, BadItems = random.Next(2) == 0 ? [] : [new BadItem(5, "no id")] };
    }

    /// <summary>Every page to both, twice each, in an order of its own; returns how often a store said that it was the first.</summary>
    private static async Task<int> KeepAsync(MongoRecordStore[] stores, NormalizedPage[] pages, Random random)
    {
        var workers = stores.SelectMany(store => Enumerable.Range(0, 2).Select(_ => (Store: store, Pages: Shuffled(pages, random)))).ToArray();
        var outcomes = await Task.WhenAll(workers.Select(worker => Task.Run(async () =>
        {
            var first = 0;
            foreach (var page in worker.Pages)
            {
                first += (await worker.Store.KeepAsync(Lab, page, Now, CancellationToken.None)).FirstTime ? 1 : 0;
            }

            return first;
        })));
        return outcomes.Sum();
    }

    private static NormalizedPage[] Shuffled(NormalizedPage[] pages, Random random)
    {
        NormalizedPage[] shuffled = [.. pages];
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static string Text(BsonDocument document) => document.Contains("document") ? $"{document["_id"]} {document["document"]}" : $"{document["_id"]} {document["views"]}";

    private static async Task ShouldReadAlikeAsync(SqliteRecordStore sqlite, MongoRecordStore mongo)
    {
        foreach (var selection in Selections.Select(selection => selection with { Identified = true }))
        {
            (await mongo.SortedAsync(selection)).Select(Text).ShouldBe((await sqlite.SortedAsync(selection)).Select(Text));
            var (one, other) = (await mongo.CountAsync(Lab, selection, CancellationToken.None), await sqlite.CountAsync(Lab, selection, CancellationToken.None));
            one.Records.ShouldBe(other.Records);
            one.ByClause.ShouldBe(other.ByClause, ignoreOrder: true);
        }

        static string Text(ViewedItem video) =>
            $"{StoredItemJson.Write(video.Stored)} {video.Names?.Username} {video.Names?.FieldsText} {string.Join(',', video.Holders[0].Membership.Terms)} {video.Holders[0].Membership.Unattributed}";
    }

    private async Task ShouldHaveAWholeChangeLogAsync(MongoRecordStore store)
    {
        var records = await databases.AllAsync(MongoRecordSchema.Records);
        var sequences = records.Select(record => record["sequence"].AsInt64).Order().ToList();
        sequences.ShouldBeUnique();
        var all = Select("a", "b", "c") with { Clauses = Clauses.ToDictionary(clause => clause, _ => new SelectedDays(Day.DayNumber, Day.DayNumber + 1), StringComparer.Ordinal) };
        var changes = await store.ListChangesAsync(Lab, all, 0, CancellationToken.None);
        changes.Changes.Select(change => change.Sequence).ShouldBe(sequences);
        changes.Through.ShouldBe(sequences[^1]);
        (await databases.AllAsync(MongoRecordSchema.Sequences)).ShouldHaveSingleItem()["last"].AsInt64.ShouldBe(sequences[^1]);
        (await databases.AllAsync(MongoRecordSchema.Matches)).Max(match => match["first_sequence"].AsInt64).ShouldBeLessThanOrEqualTo(sequences[^1]);

        // What a match repeats of its record is what the record says.
        var published = records.ToDictionary(record => record["_id"].AsString, MongoRecordDocuments.StoredOf, StringComparer.Ordinal);
        foreach (var match in await databases.AllAsync(MongoRecordSchema.Matches))
        {
            var stored = published[$"{Lab}/{match["platform_id"]}"];
            match["published_at"].AsInt64.ShouldBe(stored.SortAt);
            (match["language"].IsBsonNull ? null : match["language"].AsString).ShouldBe(stored.Language);
        }
    }

    private List<string> SqliteRecords() => Sqlite("SELECT 'lab-a/' || platform_id || ' ' || document FROM content_records ORDER BY platform_id");

    private List<string> Sqlite(string query)
    {
        using var file = SqliteFile.Open(Path.Combine(folder.Path, "normalizer.db"), NormalizerSchema.Records);
        return file.ReadAsync(session => session.Query(query, row => row.GetString(0)), CancellationToken.None).GetAwaiter().GetResult();
    }
}
