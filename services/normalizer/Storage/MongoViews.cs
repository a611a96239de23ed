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

    private static readonly BsonDocument KeyFields = new() { ["platform_id"] = 1, ["first_sequence"] = 1, ["published_at"] = 1 };
    private static readonly BsonDocument CountFields = new() { ["platform_id"] = 1, ["first_sequence"] = 1, ["attributed"] = 1, ["language"] = 1 };

    public async Task<ChangeBatch> ListChangesAsync(string labId, RecordSelection selection, long after, CancellationToken cancellationToken)
    {
        var last = await LastSequenceAsync(labId, cancellationToken);
        RecordSelection[] selections = [selection];
        var cuts = await CutsOfAsync(labId, selections, last, cancellationToken);
        var latest = await scan.FindAsync(MongoRecordSchema.Records, LatestChanges(labId, after, last, ChangesPerBatch), cancellationToken);
        var more = latest.Count == ChangesPerBatch;
        return new([.. latest.Select(record => View(record, selections, cuts)).OfType<ViewedVideo>()], more ? latest[^1]["sequence"].AsInt64 : Math.Max(after, last), more);
    }

    public async IAsyncEnumerable<IReadOnlyList<ViewedVideo>> ListSortedAsync(
        string labId, IReadOnlyList<RecordSelection> selections, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = await LastSequenceAsync(labId, cancellationToken);
        var cuts = await CutsOfAsync(labId, selections, last, cancellationToken);
        foreach (var ids in (await SortedIdsAsync(labId, selections, last, cancellationToken)).Chunk(SortedPerBatch))
        {
            var records = (await scan.FindAsync(MongoRecordSchema.Records, ById(ids.Select(id => RecordKey(labId, id))), cancellationToken))
                .ToDictionary(record => record["_id"].AsString, StringComparer.Ordinal);
            yield return [.. ids.Select(id => View(records[RecordKey(labId, id)], selections, cuts)).OfType<ViewedVideo>()];
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

                var id = match["platform_id"].AsString;
                first[id] = Math.Min(first.GetValueOrDefault(id, long.MaxValue), match["first_sequence"].AsInt64);
                if (match["attributed"].AsBoolean)
                {
                    (attributed.TryGetValue(clauseId, out var ids) ? ids : attributed[clauseId] = new(StringComparer.Ordinal)).Add(id);
                }
            }
        }

        var byClause = attributed.Select(clause => (Clause: clause.Key, Count: clause.Value.LongCount(id => first[id] <= cut))).Where(clause => clause.Count > 0);
        return new(first.Values.LongCount(sequence => sequence <= cut), byClause.ToDictionary(clause => clause.Clause, clause => clause.Count, StringComparer.Ordinal));
    }

    /// <summary>The moment that a read belongs to. Everything that was decided up to it has been written when this returns.</summary>
    private Task<long> LastSequenceAsync(string labId, CancellationToken cancellationToken) =>
        store.ReadAsync(
            labId,
            async reading => await reading.FindAsync(MongoRecordSchema.Sequences, labId, cancellationToken) is { } sequence ? sequence["last"].AsInt64 : 0,
            cancellationToken);

    /// <summary>Ids of every record that a selection's clauses hold, whatever its language, by upload time and id.</summary>
    private async Task<IEnumerable<string>> SortedIdsAsync(string labId, IReadOnlyList<RecordSelection> selections, long last, CancellationToken cancellationToken)
    {
        Dictionary<string, long> published = new(StringComparer.Ordinal);
        foreach (var (clauseId, days) in selections.SelectMany(selection => selection.Clauses).Distinct())
        {
            await foreach (var match in MatchesAsync(labId, clauseId, days, KeyFields, last, cancellationToken))
            {
                published[match["platform_id"].AsString] = match["published_at"].AsInt64;
            }
        }

        return published.OrderBy(record => record.Value).ThenBy(record => record.Key, StringComparer.Ordinal).Select(record => record.Key);
    }

    private IAsyncEnumerable<BsonDocument> MatchesAsync(string labId, string clauseId, SelectedDays days, BsonDocument fields, long last, CancellationToken cancellationToken) =>
        scan.RangeAsync(MongoRecordSchema.Matches, MatchRange(labId, clauseId, days), fields, MatchesPerBatch, cancellationToken)
            .Where(match => match["first_sequence"].AsInt64 <= last);

    /// <summary>For each selection the change with which its last record first came; that of the read when max_results cuts nothing off.</summary>
    private async Task<long[]> CutsOfAsync(string labId, IReadOnlyList<RecordSelection> selections, long last, CancellationToken cancellationToken)
    {
        var cuts = new long[selections.Count];
        for (var i = 0; i < cuts.Length; i++)
        {
            cuts[i] = selections[i].MaxResults == 0 || selections[i].Clauses.Count == 0 ? last : await CutOffAsync(labId, selections[i], last, cancellationToken);
        }

        return cuts;
    }

    /// <summary>Walks along the arrivals until enough different records have come.</summary>
    private async Task<long> CutOffAsync(string labId, RecordSelection selection, long last, CancellationToken cancellationToken)
    {
        HashSet<string> came = new(StringComparer.Ordinal);
        var after = 0L;
        List<BsonDocument> arrivals;
        do
        {
            arrivals = await scan.FindAsync(MongoRecordSchema.Matches, Arrivals(labId, selection, after, last, MatchesPerBatch), cancellationToken);
            foreach (var match in arrivals.Where(match => selection.Wants(LanguageOf(match))))
            {
                if (came.Add(match["platform_id"].AsString) && came.Count == selection.MaxResults)
                {
                    return match["first_sequence"].AsInt64;
                }
            }

            // Matches of one number are of one record, so the end of a batch may divide them.
            after = arrivals.Count > 0 ? arrivals[^1]["first_sequence"].AsInt64 : last;
        }
        while (arrivals.Count == MatchesPerBatch);
        return last;
    }

    /// <summary>The record with the selections that hold it; null when none does.</summary>
    private static ViewedVideo? View(BsonDocument record, IReadOnlyList<RecordSelection> selections, IReadOnlyList<long> cuts)
    {
        var holders = RecordSelection.HoldersOf(MatchesOf(record), selections, cuts);
        return holders.Count == 0 ? null : ViewedVideo.Of(StoredVideoJson.Read(record["document"].AsString), record["sequence"].AsInt64, holders);
    }

    private static string? LanguageOf(BsonDocument match) => match["language"].IsBsonNull ? null : match["language"].AsString;
}
