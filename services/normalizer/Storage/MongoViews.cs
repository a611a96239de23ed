using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using static IssueObservatory.Mesh.Normalizer.MongoRecordDocuments;
using static IssueObservatory.Mesh.Normalizer.MongoRecordQueries;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// Reads selections of records. A lab's change log is its clock: what came with a change up to the last one is there for good, and what comes later
/// has a higher number, so a long read belongs to one moment without stopping anybody who writes.
/// </summary>
internal sealed class MongoViews(MongoStore store, MongoScan scan)
{
    private const int ChangesPerBatch = 500;
    private const int SortedPerBatch = 500;
    private const int MatchesPerBatch = 5000;

    private static readonly BsonDocument KeyFields = new() { ["platform_id"] = 1, ["type"] = 1, ["first_sequence"] = 1, ["published_at"] = 1 };
    private static readonly BsonDocument CountFields = new() { ["platform_id"] = 1, ["first_sequence"] = 1, ["attributed"] = 1, ["language"] = 1 };

    public async Task<ChangeBatch> ListChangesAsync(string labId, RecordSelection selection, long after, CancellationToken cancellationToken)
    {
        var last = await LastSequenceAsync(labId, cancellationToken);
        RecordSelection[] selections = [selection];
        var cuts = await CutsOfAsync(labId, selections, last, cancellationToken);
        var latest = await scan.FindAsync(MongoRecordSchema.Records, LatestChanges(labId, after, last, ChangesPerBatch), cancellationToken);
        var more = latest.Count == ChangesPerBatch;
        return new([.. latest.Select(record => View(record, selections, cuts)).OfType<ViewedItem>()], more ? latest[^1]["sequence"].AsInt64 : Math.Max(after, last), more);
    }

    public async IAsyncEnumerable<IReadOnlyList<ViewedItem>> ListSortedAsync(
        string labId, IReadOnlyList<RecordSelection> selections, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = await LastSequenceAsync(labId, cancellationToken);
        var cuts = await CutsOfAsync(labId, selections, last, cancellationToken);
        foreach (var keys in (await SortedKeysAsync(labId, selections, last, cancellationToken)).Chunk(SortedPerBatch))
        {
            var records = (await scan.FindAsync(MongoRecordSchema.Records, ById(keys.Select(key => RecordKey(labId, key))), cancellationToken))
                .ToDictionary(record => record["_id"].AsString, StringComparer.Ordinal);
            yield return [.. keys.Select(key => View(records[RecordKey(labId, key)], selections, cuts)).OfType<ViewedItem>()];
        }
    }

    public async Task<SelectionCount> CountAsync(string labId, RecordSelection selection, CancellationToken cancellationToken)
    {
        var last = await LastSequenceAsync(labId, cancellationToken);
        var cut = (await CutsOfAsync(labId, [selection], last, cancellationToken))[0];
        Dictionary<string, long> first = new(StringComparer.Ordinal);
        Dictionary<string, HashSet<string>> attributed = new(StringComparer.Ordinal);
        foreach (var (clauseId, days) in selection.Clauses)
        {
            await foreach (var match in MatchesAsync(labId, clauseId, days, CountFields, last, cancellationToken))
            {
                if (!selection.Wants(LanguageOf(match)))
                {
                    continue;
                }

                var key = match["platform_id"].AsString;
                first[key] = Math.Min(first.GetValueOrDefault(key, long.MaxValue), match["first_sequence"].AsInt64);
                if (match["attributed"].AsBoolean)
                {
                    (attributed.TryGetValue(clauseId, out var keys) ? keys : attributed[clauseId] = new(StringComparer.Ordinal)).Add(key);
                }
            }
        }

        var byClause = attributed.Select(clause => (Clause: clause.Key, Count: clause.Value.LongCount(key => first[key] <= cut.Of(StoredTypes.TypeOf(key))))).Where(clause => clause.Count > 0);
        return new(first.LongCount(thing => thing.Value <= cut.Of(StoredTypes.TypeOf(thing.Key))), byClause.ToDictionary(clause => clause.Clause, clause => clause.Count, StringComparer.Ordinal));
    }

    /// <summary>The moment that a read belongs to. Everything that was decided up to it has been written when this returns.</summary>
    private Task<long> LastSequenceAsync(string labId, CancellationToken cancellationToken) =>
        store.ReadAsync(
            labId,
            async reading => await reading.FindAsync(MongoRecordSchema.Sequences, labId, cancellationToken) is { } sequence ? sequence["last"].AsInt64 : 0,
            cancellationToken);

    /// <summary>Keys of everything of the asked type that a selection's clauses hold, whatever its language, by upload time and id.</summary>
    private async Task<IEnumerable<string>> SortedKeysAsync(string labId, IReadOnlyList<RecordSelection> selections, long last, CancellationToken cancellationToken)
    {
        var wanted = RecordSelection.TypeOf(selections);
        Dictionary<string, long> published = new(StringComparer.Ordinal);
        foreach (var (clauseId, days) in selections.SelectMany(selection => selection.Clauses).Distinct())
        {
            await foreach (var match in MatchesAsync(labId, clauseId, days, KeyFields, last, cancellationToken))
            {
                if (wanted is null ? TypeOf(match).IsRecord() : TypeOf(match) == wanted)
                {
                    published[match["platform_id"].AsString] = match["published_at"].AsInt64;
                }
            }
        }

        return published.OrderBy(record => record.Value).ThenBy(record => StoredTypes.IdOf(record.Key), StringComparer.Ordinal).ThenBy(record => record.Key, StringComparer.Ordinal)
            .Select(record => record.Key);
    }

    private IAsyncEnumerable<BsonDocument> MatchesAsync(string labId, string clauseId, SelectedDays days, BsonDocument fields, long last, CancellationToken cancellationToken) =>
        scan.RangeAsync(MongoRecordSchema.Matches, MatchRange(labId, clauseId, days), fields, MatchesPerBatch, cancellationToken)
            .Where(match => match["first_sequence"].AsInt64 <= last);

    /// <summary>Where each selection ends: at the change of the read when max_results cuts nothing off.</summary>
    private async Task<CutOffs[]> CutsOfAsync(string labId, IReadOnlyList<RecordSelection> selections, long last, CancellationToken cancellationToken)
    {
        var cuts = new CutOffs[selections.Count];
        for (var i = 0; i < cuts.Length; i++)
        {
            cuts[i] = selections[i].MaxResults == 0 || selections[i].Clauses.Count == 0 ? new(last, last) : await CutOffAsync(labId, selections[i], last, cancellationToken);
        }

        return cuts;
    }

    /// <summary>Walks along the arrivals until enough different records, and as many documents, have come.</summary>
    private async Task<CutOffs> CutOffAsync(string labId, RecordSelection selection, long last, CancellationToken cancellationToken)
    {
        HashSet<string> records = new(StringComparer.Ordinal);
        HashSet<string> documents = new(StringComparer.Ordinal);
        var cuts = new CutOffs(last, last);
        var after = 0L;
        List<BsonDocument> arrivals;
        do
        {
            arrivals = await scan.FindAsync(MongoRecordSchema.Matches, Arrivals(labId, selection, after, last, MatchesPerBatch), cancellationToken);
            foreach (var match in arrivals.Where(match => selection.Wants(LanguageOf(match))))
            {
                var isRecord = TypeOf(match).IsRecord();
                var came = isRecord ? records : documents;
                if (came.Count < selection.MaxResults && came.Add(match["platform_id"].AsString) && came.Count == selection.MaxResults)
                {
                    var sequence = match["first_sequence"].AsInt64;
                    cuts = isRecord ? cuts with { Records = sequence } : cuts with { Documents = sequence };
                }
            }

            // Matches of one number are of one record, so the end of a batch may divide them.
            after = arrivals.Count > 0 ? arrivals[^1]["first_sequence"].AsInt64 : last;
        }
        while (arrivals.Count == MatchesPerBatch && (records.Count < selection.MaxResults || (selection.MayHoldDocuments && documents.Count < selection.MaxResults)));
        return cuts;
    }

    /// <summary>The record with the selections that hold it; null when none does.</summary>
    private static ViewedItem? View(BsonDocument record, IReadOnlyList<RecordSelection> selections, IReadOnlyList<CutOffs> cuts)
    {
        var holders = RecordSelection.HoldersOf(TypeOf(record), MatchesOf(record), selections, cuts);
        return holders.Count == 0 ? null : ViewedItem.Of(StoredOf(record), record["sequence"].AsInt64, holders);
    }

    private static string? LanguageOf(BsonDocument match) => match["language"].IsBsonNull ? null : match["language"].AsString;
}
