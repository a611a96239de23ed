using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>What the store is asked to keep, in few words.</summary>
internal static class Sample
{
    public const string Lab = "default";

    public static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly CollectorOptions Options = new();

    public static readonly Days January = new(new(2026, 1, 1), new(2026, 1, 31));

    public static readonly Days FifthOfJanuary = new(new(2026, 1, 5), new(2026, 1, 5));

    public static readonly Days Quarter = new(new(2026, 1, 1), new(2026, 3, 4));

    public static Clause Tag(string tag) => ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { tag } });

    public static Clause Word(string word) => ClauseIds.Identify(new() { Class = ClauseClass.Keyword, Keywords = { word } });

    public static AskedClause Asked(Clause clause, Days? days = null) => new() { Clause = clause, Input = clause.ClauseId, Days = days ?? January };

    public static CollectionRecord Collection(string id, string lab = Lab, long maxUnits = 0, Priority priority = Priority.Interactive, DateTimeOffset? createdAt = null) => new()
    {
        LabId = lab,
        CollectionId = id,
        RequestId = $"request {id}",
        Fingerprint = "f",
        Spec = "{}",
        Priority = priority,
        MaxUnits = maxUnits,
        CreatedAt = createdAt ?? Now,
    };

    /// <summary>What each collection needs, in searches of its own: waiting ones are joined only where a test is about that.</summary>
    public static Plan Plan(CollectionRecord collection, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, PlanningState state, DateTimeOffset? now = null) =>
        Planned(collection, asked, lists, state with { Waiting = [] }, now);

    /// <summary>The same, with whatever it can join.</summary>
    public static Plan Planned(CollectionRecord collection, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, PlanningState state, DateTimeOffset? now = null) =>
        Planner.Decide(asked, lists, state, new(collection.LabId, collection.Priority, "", now ?? Now, () => Guid.NewGuid().ToString("N")) { Since = collection.CreatedAt }, Options);

    public static Search Refresh(string id, string lab = Lab) => new()
    {
        LabId = lab,
        SearchId = id,
        RefreshId = id,
        Kind = SearchKind.Refresh,
        Class = ClauseClass.Id,
        Window = January,
        VideoIds = ["1", "2", "3"],
        Priority = Priority.Refresh,
        CreatedAt = Now,
    };

    public static Outcome Ok(bool more = false, params string[] ids) => new() { Class = ApiErrorClass.Ok, Code = "ok", HasMore = more, Cursor = more ? 100 : 40, TikTokSearchId = "7", VideoIds = ids, NewVideos = Math.Max(1, ids.Length), OldestDay = new(2026, 1, 20) };

    public static Outcome Trouble(ApiErrorClass error = ApiErrorClass.Internal) => new() { Class = error, Code = "internal_error", LogId = "log" };

    /// <summary>The page that answers the request that <paramref name="open"/> stands before.</summary>
    public static RawPage Page(OpenSearch open, Outcome outcome, string grant, byte[]? body = null)
    {
        var bytes = body ?? Encoding.UTF8.GetBytes($"page {open.Checkpoint.Cursor}");
        return new()
        {
            LabId = open.Search.LabId,
            PageId = string.Create(CultureInfo.InvariantCulture, $"{open.Search.SearchId}-{open.Checkpoint.Cursor}-{open.Checkpoint.Attempt}"),
            SearchId = open.Search.SearchId,
            Endpoint = open.Search.Answers(open.Checkpoint.Cursor),
            Cursor = open.Checkpoint.Cursor,
            Attempt = open.Checkpoint.Attempt,
            Status = 200,
            Fault = "",
            ErrorCode = outcome.Code,
            LogId = outcome.LogId,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Body = bytes,
            Target = "/v2/research/video/query/?fields=id",
            RequestBody = "{}"u8.ToArray(),
            Headers = new Dictionary<string, string> { ["content-type"] = "application/json" },
            Latency = TimeSpan.FromMilliseconds(12),
            GrantId = grant,
            CollectorVersion = "0.1.0",
            FetchedAt = Now,
            TikTokSearchId = outcome.TikTokSearchId,
            Normalized = outcome.Class is not ApiErrorClass.Ok || open.Search.IsCheck,
        };
    }
}
