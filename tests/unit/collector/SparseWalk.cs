using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Walks one search to its end against a sandbox, with the real client, reader and walker, and no store, quota or pause.</summary>
internal sealed class SparseWalk(SandboxServer sandbox) : IDisposable
{
    private readonly ResearchApiClient api = new(new() { BaseUrl = sandbox.Address }, TimeProvider.System);
    private readonly Dictionary<string, HashSet<string>> bySearch = new(StringComparer.Ordinal);

    private readonly List<string> trace = [];

    public int Requests { get; private set; }

    public HashSet<string> Videos => [.. bySearch.Values.SelectMany(ids => ids)];

    public HashSet<DateOnly> Covered { get; } = [];

    public HashSet<DateOnly> Doubtful { get; } = [];

    public HashSet<DateOnly> Missing { get; } = [];

    /// <summary>What a complete reading holds and this one does not.</summary>
    public IEnumerable<SandboxVideo> Lost(Search search) => sandbox.World
        .Find(SandboxQuery.Parse("""{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]},{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}]}"""), search.Window.From, search.Window.To)
        .ExceptBy(Videos, video => video.Id.ToString(CultureInfo.InvariantCulture));

    public async Task RunAsync(Search first, int mostRequests)
    {
        var granted = (await api.RequestTokenAsync(new(() => "key", () => "secret"), TestContext.Current.CancellationToken)).ShouldBeOfType<TokenGranted>();
        var left = new Queue<Search>([first]);
        while (left.TryDequeue(out var search))
        {
            var checkpoint = Checkpoint.Start;
            var own = bySearch[search.SearchId] = new(StringComparer.Ordinal);
            var before = search.Rereads.SelectMany(id => bySearch[id]).ToHashSet(StringComparer.Ordinal);
            Step.Finished? end = null;
            while (end is null)
            {
                (++Requests).ShouldBeLessThanOrEqualTo(mostRequests);
                var reply = await api.SendAsync(SearchQueries.Next(search, checkpoint), () => granted.Token, TestContext.Current.CancellationToken);
                var outcome = Suspicion.Compare(search, Outcomes.Read(search, checkpoint, reply, own), before);
                trace.Add($"{search.SearchId}[{search.Window.From:dd}-{search.Window.To:dd}]@{checkpoint.Cursor}: {outcome.VideoIds.Count} {outcome.Regions}, {outcome.Unseen} unseen, to {outcome.OldestDay:dd};");
                var step = Walker.Decide(search, checkpoint, outcome, Walks.Now, Walks.Options);
                end = step as Step.Finished;
                checkpoint = step is Step.GoOn next ? next.Next : checkpoint;
            }

            Note(search, checkpoint, end);
            foreach (var successor in end.Successors)
            {
                // As the stores do: what is kept is JSON.
                left.Enqueue(CollectorJson.Read<Search>(CollectorJson.Write(successor)));
            }
        }
    }

    /// <summary>What was asked for, in order.</summary>
    public override string ToString() => string.Join(' ', trace);

    public void Dispose() => api.Dispose();

    private void Note(Search search, Checkpoint checkpoint, Step.Finished end)
    {
        foreach (var day in end.Covered?.Each() ?? [])
        {
            Covered.Add(day).ShouldBeTrue($"{DaysOf.Text(day)} is covered once");
            if (day <= (end.DoubtfulTo ?? checkpoint.DoubtfulTo))
            {
                Doubtful.Add(day);
            }
        }

        Missing.UnionWith(end.Missing is { } missing ? missing.Days.Each() : []);
        search.SearchId.Length.ShouldBeLessThan(100);
    }
}
