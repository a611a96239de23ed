using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using MongoDB.Driver;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Raw pages and what follows from them.</summary>
internal sealed partial class MongoCollectorStore
{
    private readonly MongoPageBodies bodies = new(store);

    public async Task<IReadOnlyList<string>> KeepPageAsync(OpenSearch open, RawPage page, Outcome outcome, Step step, CancellationToken cancellationToken)
    {
        var parts = await bodies.WriteAsync(page, cancellationToken);
        await Failpoints.HitAsync(FailpointNames.CollectorAfterBody, cancellationToken);
        return await store.WriteAsync<IReadOnlyList<string>>(
            page.LabId,
            async change =>
            {
                if (await change.FindAsync(Pages, MongoKey.Of(page.LabId, page.PageId), cancellationToken) is not null
                    || await ReadSearchFactsAsync(change, page.LabId, page.SearchId, cancellationToken) is not { } facts)
                {
                    return [];
                }

                var known = PageKeeping.NeedsCoverage(step) ? await ReadCoverageAsync(change, page.LabId, facts.Search.Search.Clauses, cancellationToken) : facts.Coverage;
                var blackouts = step.News is { } news ? await ReadOwnBlackoutsAsync(change, page.LabId, news, cancellationToken) : facts.Blackouts;
                var merging = MergeLearning.Concerns(open.Search, outcome) ? await ReadMergingAsync(change, page.LabId, open.Search.Class, cancellationToken) : facts.Merging;
                var (concerned, decided) = PageKeeping.Keep(facts with { Coverage = known, Blackouts = blackouts, Merging = merging }, open, page, outcome, step);
                await PutAsync(change, page.LabId, decided, parts, cancellationToken);
                return concerned;
            },
            cancellationToken);
    }

    public async Task<PageInContext?> FindPageAsync(string labId, string pageId, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(
            labId,
            async lab => await lab.FindAsync(Pages, MongoKey.Of(labId, pageId), cancellationToken) is { } document && await lab.FindAsync(Searches, document["search"].AsString, cancellationToken) is { } search
                ? ((BsonDocument Page, Search Search)?)(document, ReadSearch(search).Search)
                : null,
            cancellationToken);
        if (found is not var (document, search))
        {
            return null;
        }

        var page = ReadPage(document);
        return new(page with { Body = await bodies.ReadAsync(page, document["body_parts"].AsInt32, cancellationToken), RequestBody = document["request"].AsByteArray }, search);
    }

    public Task<IReadOnlyList<string>> ListVideoIdsAsync(string labId, string searchId, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<string>>(
            labId,
            async lab => [.. (await QueryAsync(lab, MongoCollectorQueries.VideosOf([MongoKey.Of(labId, searchId)]), page => page, cancellationToken)).SelectMany(VideoIds)],
            cancellationToken);

    public Task<IReadOnlyList<string>> ListPageIdsAsync(string labId, string searchId, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<string>>(
            labId,
            async lab =>
            [
                .. (await QueryAsync(lab, MongoCollectorQueries.PagesOf(MongoKey.Of(labId, searchId)), page => page, cancellationToken))
                    .OrderBy(page => page["sequence"].AsInt64).Select(page => page["page"]["PageId"].AsString),
            ],
            cancellationToken);

    public async Task<IReadOnlyList<RawPage>> ListPagesAsync(string labId, bool onlyUnanswered, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        List<RawPage> pages = [];
        foreach (var each in labId.Length > 0 ? [labId] : await store.ListLabsAsync(cancellationToken))
        {
            var query = onlyUnanswered ? MongoCollectorQueries.UnansweredPages(each, afterSequence, limit) : MongoCollectorQueries.InOrderOfStoring(each, afterSequence, limit);
            pages.AddRange(await store.ReadAsync(each, lab => QueryAsync(lab, query, ReadPage, cancellationToken), cancellationToken));
        }

        return [.. pages.OrderBy(page => page.Sequence).Take(limit)];
    }

    public Task<long> CountUnansweredAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        store.ReadAsync(
            labId,
            async lab => collectionId.Length == 0
                ? await lab.CountAsync(Pages, MongoCollectorQueries.UnansweredPages(labId, after: 0, limit: 0).Query.Filter, cancellationToken)
                : (await QueryAsync(lab, MongoCollectorQueries.Unanswered([MongoKey.Of(labId, collectionId)]), ReadSearch, cancellationToken)).Sum(search => (long)search.Unanswered.Values.Sum()),
            cancellationToken);

    public Task<IReadOnlyList<string>> MarkNormalizedAsync(string labId, string pageId, PageCounts counts, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.WriteAsync<IReadOnlyList<string>>(
            labId,
            async change =>
            {
                if (await change.FindAsync(Pages, MongoKey.Of(labId, pageId), cancellationToken) is not { } page
                    || !page.Contains("unanswered")
                    || await ReadSearchFactsAsync(change, labId, ReadPage(page).SearchId, cancellationToken) is not { } facts)
                {
                    return [];
                }

                var payer = page["payer"].AsString;
                if (PageKeeping.Recalls(facts, payer, counts) is { } days)
                {
                    facts = facts with
                    {
                        Coverage = await ReadCoverageAsync(change, labId, [.. facts.Search.Search.Clauses.Select(each => each with { Days = days })], cancellationToken),
                        Merging = await ReadMergingAsync(change, labId, facts.Search.Search.Class, cancellationToken),
                    };
                }

                if (PageKeeping.MayBeChecked(facts, payer, counts, options))
                {
                    facts = await SurroundedAsync(change, labId, facts, cancellationToken);
                }

                page.Remove("unanswered");
                change.Put(Pages, page);
                await PutAsync(change, labId, PageKeeping.Answer(facts, payer, counts, now, options), bodyParts: 0, cancellationToken);
                return facts.Search.Collections;
            },
            cancellationToken);

    /// <summary>With what else says whether a check of the local match should follow.</summary>
    private async Task<SearchFacts> SurroundedAsync(MongoReading lab, string labId, SearchFacts facts, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyList<AskedClause>> asked = new(StringComparer.Ordinal);
        foreach (var collectionId in facts.Search.Collections)
        {
            asked[collectionId] = (await ReadAskingAsync(lab, labId, collectionId, cancellationToken)).Asked;
        }

        return facts with
        {
            Blackouts = await ReadBlackoutsAsync(lab, facts.Search.Search.Class, cancellationToken),
            Outage = await ReadOutageAsync(cancellationToken),
            Asked = asked,
        };
    }

    /// <summary>Puts every row of a decision.</summary>
    private async Task PutAsync(MongoChange change, string labId, LabChange decided, int bodyParts, CancellationToken cancellationToken)
    {
        foreach (var collection in decided.Collections)
        {
            change.Put(Collections, Of(collection));
        }

        foreach (var search in decided.Searches)
        {
            change.Put(Searches, Of(search));
        }

        foreach (var search in decided.NewSearches)
        {
            if (await change.FindAsync(Searches, MongoKey.Of(labId, search.Search.SearchId), cancellationToken) is null)
            {
                change.Put(Searches, Of(search));
            }
        }

        await PutMonthsAsync(change, labId, decided.Coverage, cancellationToken);
        if (decided.List is { } list)
        {
            change.Put(Lists, Of(labId, list));
        }

        if (decided.Blackouts is { } blackouts)
        {
            await PutAsync(change, labId, blackouts, cancellationToken);
        }

        if (decided.Merging is { } learnt)
        {
            change.Put(Merging, Of(labId, learnt));
        }

        if (decided.Page is { } page)
        {
            change.Put(Pages, Of(page, await NextSequenceAsync(cancellationToken), bodyParts));
        }
    }

    /// <summary>
    /// A number that no page has. It is drawn after the lab's ledger was read and counts only when the ledger has not moved since, so within a lab numbers
    /// rise in the order of storing; one that was drawn in vain is left out.
    /// </summary>
    private Task<long> NextSequenceAsync(CancellationToken cancellationToken) =>
        store.UseAsync(
            async database => (await database.GetCollection<BsonDocument>(Counters).FindOneAndUpdateAsync<BsonDocument>(
                new BsonDocument("_id", "pages"),
                new BsonDocument("$inc", new BsonDocument("last", 1L)),
                new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After },
                cancellationToken))["last"].AsInt64,
            cancellationToken);
}
