using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Bench;

/// <summary>A lab in a file of its own, with collections of 1 to 7 of 88 hashtags over 10 to 400 days, alike in every run.</summary>
internal sealed class GrownLab : IDisposable
{
    private const string Lab = "default";
    private const int Tags = 88;

    private static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CollectorOptions Options = new();

    private readonly Workplace workplace = new();
    private readonly SqliteCollectorStore store;
    private readonly Random random = new(1);
    private readonly List<string> ids = [];

    public GrownLab() => store = new(SqliteFile.Open(workplace.PathOf("collector.db"), CollectorSchema.Steps), Options);

    /// <summary>Collections that wait for their first request.</summary>
    public async Task WaitAsync(int collections, CancellationToken cancellationToken)
    {
        for (var i = 0; i < collections; i++)
        {
            await SubmitAsync(Draw(), cancellationToken);
        }
    }

    /// <summary>Collections of one search each, which was answered and whose videos have become records; and one that waits.</summary>
    public async Task EndAsync(int collections, CancellationToken cancellationToken)
    {
        var holder = await store.RegisterAsync("bench", cancellationToken);
        for (var i = 0; i < collections; i++)
        {
            var last = Day(-3 - (i / Tags * 31));
            await SubmitAsync([Asked(i % Tags, new(last.AddDays(-30), last))], cancellationToken);
            foreach (var open in await store.ListOpenAsync(awake: null, Now, limit: 1, cancellationToken))
            {
                await AnswerAsync(open, holder, cancellationToken);
            }

            await store.ChangeAsync(Lab, ids[^1], collection => collection with { State = CollectionState.Complete, EndedAt = Now }, cancellationToken);
        }

        var next = Day(-3);
        await SubmitAsync([Asked(Tags, new(next, next))], cancellationToken);
    }

    /// <summary>A plan for one collection more, which is not kept.</summary>
    public async Task PlanAsync(int number, Priority priority, CancellationToken cancellationToken)
    {
        var last = Day(-3 - number);
        IReadOnlyList<AskedClause> asked = [.. Enumerable.Range(number, 4).Select(tag => Asked(tag % Tags, new(last.AddDays(-49), last)))];
        _ = Planner.Decide(asked, [], await store.ReadPlanningStateAsync(Lab, asked, [], cancellationToken), Asker("next", priority), Options);
    }

    public Task NextAsync(CancellationToken cancellationToken) => store.ListOpenAsync(awake: null, Now, limit: 8, cancellationToken);

    public Task LookAsync(int number, CancellationToken cancellationToken) => store.ReadFactsAsync(Lab, ids[number * 7 % ids.Count], cancellationToken);

    public void Dispose()
    {
        store.Dispose();
        workplace.Dispose();
    }

    private Task SubmitAsync(IReadOnlyList<AskedClause> asked, CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{ids.Count:x20}");
        ids.Add(id);
        var collection = new CollectionRecord
        {
            LabId = Lab,
            CollectionId = id,
            RequestId = id,
            Fingerprint = id,
            Spec = "{}",
            Priority = Priority.Backfill,
            CreatedAt = Now.AddSeconds(ids.Count - 1_000_000),
        };
        return store.SubmitAsync(collection, asked, [], state => Planner.Decide(asked, [], state, Asker(id, collection.Priority), Options), cancellationToken);
    }

    private async Task AnswerAsync(OpenSearch open, Holder holder, CancellationToken cancellationToken)
    {
        var grant = open.Search.SearchId;
        if (!await store.BeginRequestAsync(open, grant, holder, Now, cancellationToken))
        {
            throw new InvalidOperationException("The store refused what nothing stands against.");
        }

        var outcome = new Outcome { Class = ApiErrorClass.Ok, Code = "ok", VideoIds = ["7000000000000000001"], NewVideos = 1 };
        var begun = open with { Checkpoint = open.Checkpoint with { InFlightGrant = grant } };
        var page = Page(open, grant);
        await store.KeepPageAsync(begun, page, outcome, Walker.Decide(open.Search, open.Checkpoint, outcome, Now, Options), cancellationToken);
        await store.MarkNormalizedAsync(Lab, page.PageId, new(1, 1, 0, 0, 0), Now, cancellationToken);
    }

    private static RawPage Page(OpenSearch open, string grant) => new()
    {
        LabId = Lab,
        PageId = $"{open.Search.SearchId}-0-0",
        SearchId = open.Search.SearchId,
        Endpoint = ApiEndpoint.VideoQuery,
        Cursor = 0,
        Attempt = 0,
        Status = 200,
        Fault = "",
        ErrorCode = "ok",
        LogId = "",
        Sha256 = "",
        Body = "{}"u8.ToArray(),
        Target = "",
        RequestBody = "{}"u8.ToArray(),
        Headers = new Dictionary<string, string>(StringComparer.Ordinal),
        Latency = TimeSpan.Zero,
        GrantId = grant,
        CollectorVersion = "",
        FetchedAt = Now,
        TikTokSearchId = "",
        Normalized = false,
    };

    private List<AskedClause> Draw()
    {
        var last = Day(-3 - random.Next(400));
        var days = new Days(last.AddDays(-random.Next(9, 400)), last);
        return [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(Tags)).Distinct().Select(tag => Asked(tag, days))];
    }

    private static AskedClause Asked(int tag, Days days) => new()
    {
        Clause = ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { string.Create(CultureInfo.InvariantCulture, $"emne{tag:00}") }, RegionCodes = { "DK" } }),
        Input = "",
        Days = days,
    };

    private static Planner.Asker Asker(string id, Priority priority)
    {
        var made = 0;
        return new(Lab, priority, "", Now, () => string.Create(CultureInfo.InvariantCulture, $"{id}{made++:x12}"));
    }

    private static DateOnly Day(int fromNow) => DateOnly.FromDateTime(Now.UtcDateTime).AddDays(fromNow);
}
