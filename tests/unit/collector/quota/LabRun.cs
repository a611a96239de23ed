using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Walks everything that a lab has open against a sandbox: the real client, reader, planner and walker, over a clock that jumps from request to request.</summary>
internal sealed class LabRun : IDisposable
{
    private readonly ResearchApiClient api;
    private readonly HashSet<string> lost = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RawPage>> merged = new(StringComparer.Ordinal);
    private readonly SandboxServer sandbox;
    private readonly VirtualClock clock;

    private LabRun(SandboxServer sandbox, VirtualClock clock)
    {
        this.sandbox = sandbox;
        this.clock = clock;
        api = new(new() { BaseUrl = sandbox.Address }, clock);
    }

    public LabInMemory Lab { get; } = new();

    public CollectorOptions Options { get; init; } = new();

    /// <summary>Chance that a later page finds its search lost for good.</summary>
    public double LossOfSearch { get; init; }

    public Random Chance { get; init; } = new(1);

    /// <summary>Most clauses that a query may have here; more are refused as invalid.</summary>
    public int MostTerms { get; init; } = int.MaxValue;

    /// <summary>Requests that read something.</summary>
    public int Sent { get; private set; }

    /// <summary>What checks of the local match found; one request each, besides.</summary>
    public List<TwinResult?> Checks { get; } = [];

    /// <summary>Requests that brought no page.</summary>
    public int Wasted { get; private set; }

    /// <summary>Those of them that were invalid.</summary>
    public int Refused { get; private set; }

    /// <summary>Videos that came for no clause of a merged search.</summary>
    public int Unattributed { get; private set; }

    /// <summary>Videos that each clause was found to have come for, as the normalizer finds it.</summary>
    public Dictionary<string, HashSet<string>> ByClause { get; } = new(StringComparer.Ordinal);

    /// <summary>Clauses of each search that was sent.</summary>
    public List<int> Sizes { get; } = [];

    public static async Task<LabRun> StartAsync(IEnumerable<SandboxVideo> videos, int seed, double lossOfSearch, CancellationToken cancellationToken, int mostTerms = int.MaxValue, int longestWindow = 31)
    {
        var noon = new VirtualClock(new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero));
        var server = await SandboxServer.StartAsync(
            new() { EmptyWorld = true, Seed = seed, Faults = new(), DailyRequests = 1_000_000, Time = noon, TokenLifetime = TimeSpan.FromDays(1000), Rules = new() { LongestWindowDays = longestWindow } },
            cancellationToken);
        foreach (var video in videos)
        {
            server.World.Add(video);
        }

        return new(server, noon) { LossOfSearch = lossOfSearch, Chance = new(seed), MostTerms = mostTerms };
    }

    public Plan Submit(IEnumerable<Clause> clauses, Days days) =>
        Lab.Submit([.. clauses.Select(clause => Walks.Asked(clause, days))], clock.Now, Options);

    /// <summary>Goes on until nothing is open.</summary>
    public async Task WalkAsync(CancellationToken cancellationToken)
    {
        var granted = await api.RequestTokenAsync(new(() => "key", () => "secret"), cancellationToken) as TokenGranted ?? throw new InvalidOperationException("No token.");
        while (Lab.Next(clock.Now) is { } next)
        {
            clock.Now = next.Checkpoint.NotBefore > clock.Now ? next.Checkpoint.NotBefore : clock.Now.AddSeconds(1);
            var known = Lab.Merging(next.Search.Class);
            if ((Shortening.Due(next.Search, next.Checkpoint, known, Options) ?? Halving.Due(next.Search, next.Checkpoint, known, Options)) is { } parts)
            {
                Lab.Turn(next, parts);
                continue;
            }

            Spoil(next);
            var reply = await api.SendAsync(SearchQueries.Next(next.Search, next.Checkpoint), () => granted.Token, cancellationToken);
            Take(next, reply);
        }
    }

    public async ValueTask StopAsync()
    {
        api.Dispose();
        await sandbox.DisposeAsync();
    }

    public void Dispose() => api.Dispose();

    private void Spoil(SearchRecord next)
    {
        var id = next.Checkpoint.TikTokSearchId;
        if (id.Length > 0 && (lost.Contains(id) || Chance.NextDouble() < LossOfSearch))
        {
            lost.Add(id);
            sandbox.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.Error(SandboxError.SearchIdInvalid));
        }
        else if (next.Search.Questions.Count > MostTerms)
        {
            sandbox.Script.Enqueue(SandboxMatch.FirstPage, SandboxReply.Json("""{"data":{},"error":{"code":"invalid_params","message":"Invalid query","log_id":"0"}}""", 400));
        }
    }

    private void Take(SearchRecord next, RawReply reply)
    {
        if (!seen.TryGetValue(next.Search.SearchId, out var own))
        {
            seen.Add(next.Search.SearchId, own = new(StringComparer.Ordinal));
        }

        var outcome = Suspicion.Compare(
            next.Search,
            Outcomes.Read(next.Search, next.Checkpoint, reply, own),
            next.Search.Rereads.SelectMany(id => seen[id]).ToHashSet(StringComparer.Ordinal));
        outcome = TwinComparison.Compare(next.Search, outcome, MergedOf(next.Search), clock.Now);
        Count(next.Search, outcome);
        var page = PageOf(next, outcome, reply);
        Remember(next.Search, page);
        var videos = Attribute(next.Search, reply);
        var step = Walker.Decide(next.Search, next.Checkpoint, outcome, clock.Now, Options);
        Lab.Keep(next, page, outcome, videos, step, clock.Now, Options);
    }

    private void Count(Search search, Outcome outcome)
    {
        if (search.Twin is not null)
        {
            Checks.Add(outcome.Twin);
            return;
        }

        Sent++;
        Sizes.Add(search.Questions.Count);
        Wasted += outcome.Class is ApiErrorClass.Ok ? 0 : 1;
        Refused += outcome.Class is ApiErrorClass.InvalidParams ? 1 : 0;
    }

    private void Remember(Search search, RawPage page)
    {
        if (search.Questions.Count > 1)
        {
            merged.TryAdd(search.SearchId, []);
            merged[search.SearchId].Add(page);
        }
    }

    /// <summary>What the search that this one checks has brought.</summary>
    private Dictionary<string, MergedVideo> MergedOf(Search search)
    {
        Dictionary<string, MergedVideo> videos = new(StringComparer.Ordinal);
        foreach (var page in search.Twin is { } twin ? merged[twin.Merged] : [])
        {
            TwinComparison.Add(videos, page, seen[page.SearchId], search);
        }

        return videos;
    }

    /// <summary>How the videos of a reply spread over clauses and days.</summary>
    private List<ClauseVideos> Attribute(Search search, RawReply reply)
    {
        var page = PageReader.Read(reply.Body, reply.Status ?? 0);
        List<(string ClauseId, DateOnly Day)> attributed = [];
        if (!page.Error.IsOk)
        {
            return [];
        }

        foreach (var item in page.Items)
        {
            if (!ItemReader.TryRead<VideoItem>(item.Bytes, out var video, out _))
            {
                continue;
            }

            var matches = ClauseMatching.Of(video, search.Questions);
            Unattributed += matches.Any(match => match.Attributed) ? 0 : 1;
            attributed.AddRange(matches.Where(match => match.Attributed).Select(match => (match.ClauseId, Days.DayOf(video.CreateTime!.Value))));
            foreach (var match in matches)
            {
                if (!ByClause.TryGetValue(match.ClauseId, out var ids))
                {
                    ByClause.Add(match.ClauseId, ids = new(StringComparer.Ordinal));
                }

                ids.Add(video.Id);
            }
        }

        return [.. attributed.GroupBy(each => each).Select(same => new ClauseVideos(same.Key.ClauseId, same.Key.Day, same.Count()))];
    }

    private RawPage PageOf(SearchRecord next, Outcome outcome, RawReply reply) => new()
    {
        LabId = LabInMemory.LabId,
        PageId = string.Create(CultureInfo.InvariantCulture, $"{next.Search.SearchId}-{next.Checkpoint.Cursor}-{next.Checkpoint.Attempt}"),
        SearchId = next.Search.SearchId,
        Endpoint = ApiEndpoint.VideoQuery,
        Cursor = next.Checkpoint.Cursor,
        Attempt = next.Checkpoint.Attempt,
        Status = 200,
        Fault = "",
        ErrorCode = outcome.Code,
        LogId = outcome.LogId,
        Sha256 = "",
        Body = reply.Body,
        Target = "",
        RequestBody = default,
        Headers = new Dictionary<string, string>(StringComparer.Ordinal),
        Latency = TimeSpan.Zero,
        GrantId = string.Create(CultureInfo.InvariantCulture, $"g{Sent + Checks.Count}"),
        CollectorVersion = "0",
        FetchedAt = clock.Now,
        TikTokSearchId = outcome.TikTokSearchId,
        Normalized = outcome.Class is not ApiErrorClass.Ok,
    };
}
