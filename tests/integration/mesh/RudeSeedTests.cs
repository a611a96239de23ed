using System.Globalization;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>The sandbox as rude as it is by default: what was collected is what there is, what is missing is explained, and each unit is accounted for.</summary>
public sealed class RudeSeedTests
{
    private const string First = "2026-01-01";
    private const string Last = "2026-03-31";

    /// <summary>A standing day, so that what can be found does not depend on when the test runs.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly int[] Sample = [1, 2, 3, 4, 5];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Servers.AllFaults ? Enumerable.Range(1, 20) : Sample];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_rude_day_loses_nothing_that_is_not_told_and_no_unit(int seed)
    {
        var clock = new MovedTime(Noon);
        await using var sandbox = await SandboxServer.StartAsync(new() { Seed = seed, Time = clock, Manners = SandboxManners.Rude }, Token);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(MeshCaller.Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);
        var actors = sandbox.World.Creators.Where(creator => !creator.Private).Take(2).Select(creator => creator.Username).ToArray();
        Asking[] askings =
        [
            new(new() { Terms = { "#dkpol", "#danskpolitik", "folketinget", "#dkpol klima" } },
                Inputs(("#dkpol", InDenmark(Tag("dkpol"))), ("#danskpolitik", InDenmark(Tag("danskpolitik"))), ("folketinget", InDenmark(Word("folketinget"))), ("#dkpol klima", InDenmark(Tag("dkpol"), Word("klima"))))),
            new(new() { Actors = { actors } }, Inputs([.. actors.Select(name => (name, Condition("username", name)))])),
            new(new() { QueryJson = Query(Condition("region_code", "SE")) }, Inputs(("query of SE (346effa42373)", Condition("region_code", "SE")))),
        ];
        var sent = 0L;
        CollectionStatus? last = null;
        foreach (var asking in askings)
        {
            asking.Spec.Days = new() { From = First, To = Last };
            var submitted = await caller.Arena.SubmitCollectionAsync(new() { Spec = asking.Spec }, caller.Key, cancellationToken: Token);
            last = await caller.UntilAsync(submitted.Status.CollectionId, status => status.State is not (CollectionState.Running or CollectionState.WaitingForQuota), Token);

            await CheckAsync(caller, sandbox, asking, last, seed);
            sent += last.Requests.Sent;
        }

        var research = sandbox.Log.All.Where(request => request.Endpoint is not SandboxEndpoint.Token).ToList();
        sent.ShouldBe(research.Count, $"seed {seed}");
        last.ShouldNotBeNull().Quota.Used.ShouldBe(sandbox.Log.CountedOn(DateOnly.FromDateTime(Noon.UtcDateTime)), $"seed {seed}");
    }

    private static async Task CheckAsync(MeshCaller caller, SandboxServer sandbox, Asking asking, CollectionStatus status, int seed)
    {
        status.State.ShouldBe(status.Gaps.Count > 0 ? CollectionState.CompleteWithGaps : CollectionState.Complete, $"seed {seed}: {status}");
        status.Days.Pending.ShouldBe(0, $"seed {seed}");
        status.Gaps.ShouldAllBe(gap => gap.Reason == GapReason.Blackout || gap.Reason == GapReason.BlackoutSuspect || gap.Reason == GapReason.Failed, $"seed {seed}");
        var coverage = await caller.Arena.GetCoverageAsync(new() { CollectionId = status.CollectionId }, caller.Key, cancellationToken: Token);
        var records = await RecordsAsync(caller, status.CollectionId);

        HashSet<string> there = [], owed = [];
        foreach (var (input, query) in asking.Inputs)
        {
            var excused = coverage.Spans.Where(span => span.Input == input && (span.State is not (CoverageState.Complete or CoverageState.Empty) || span.Doubtful))
                .Select(span => (From: Day(span.Days.From), To: Day(span.Days.To))).ToList();
            foreach (var video in sandbox.World.Find(SandboxQuery.Parse(query), Day(First), Day(Last)).Where(video => sandbox.World.FindCreator(video.Username) is not { Private: true }))
            {
                var id = video.Id.ToString(CultureInfo.InvariantCulture);
                there.Add(id);
                if (!excused.Exists(days => days.From <= video.Day && video.Day <= days.To))
                {
                    owed.Add(id);
                }
            }
        }

        there.ShouldNotBeEmpty($"seed {seed}");
        owed.Except(records).ShouldBeEmpty($"seed {seed}, {asking.Spec}: lost without a word");
        records.Except(there).ShouldBeEmpty($"seed {seed}, {asking.Spec}: never there");
    }

    private static async Task<IReadOnlyList<string>> RecordsAsync(MeshCaller caller, string collectionId)
    {
        using var bytes = new MemoryStream();
        using var export = caller.Arena.ExportRecords(new() { CollectionId = collectionId }, caller.Key, cancellationToken: Token);
        await foreach (var part in export.ResponseStream.ReadAllAsync(Token))
        {
            bytes.Write((part.Chunk ?? Google.Protobuf.ByteString.Empty).Span);
        }

        List<string> ids = [];
        foreach (var line in Encoding.UTF8.GetString(bytes.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var record = JsonDocument.Parse(line);
            ids.Add(record.RootElement.GetProperty("platform_id").GetString()!);
        }

        ids.ShouldBeUnique();
        return ids;
    }

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IReadOnlyList<(string Input, string Query)> Inputs(params IReadOnlyList<(string Input, string Condition)> inputs) =>
        [.. inputs.Select(input => (input.Input, Query(input.Condition)))];

    private static string Query(string conditions) => $$"""{"and":[{{conditions}}]}""";

    private static string InDenmark(params string[] conditions) => string.Join(',', [Condition("region_code", "DK"), .. conditions]);

    private static string Tag(string tag) => Condition("hashtag_name", tag);

    private static string Word(string word) => Condition("keyword", word);

    private static string Condition(string field, string value) => $$"""{"operation":"EQ","field_name":"{{field}}","field_values":["{{value}}"]}""";

    /// <summary>What is asked for, and the query that tells the truth of each of its inputs.</summary>
    private sealed record Asking(CollectionSpec Spec, IReadOnlyList<(string Input, string Query)> Inputs);
}
