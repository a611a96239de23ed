using System.Collections.Immutable;
using Grpc.Core;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>What can happen to tokens while two brokers hand them out and two collectors use them.</summary>
public sealed class TokenFaultTests : ClusterTest
{
    private const int Callers = 8;
    private const int InFlight = 4;

    private static readonly SandboxMatch AnyToken = new(SandboxEndpoint.Token);
    private static readonly TimeSpan OfAPage = TimeSpan.FromSeconds(0.5);

    /// <summary>A turn lasts 9 s without a sign of life; the rest is for a busy machine.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Two_brokers_ask_one_question_whatever_happens_to_the_answer()
    {
        Assert.SkipUnless(Servers.AllFaults, "One of all faults.");
        var cluster = await StartAsync(new());
        using var brokers = new Brokers(cluster);

        // An empty cache.
        await brokers.RenewAsync(questions: 1);

        // The one that asks dies before it asks, and with the answer in its hands: its turn ends by itself.
        await DieInTurnAsync(cluster, brokers, "broker.before_ask", questions: 1);
        await DieInTurnAsync(cluster, brokers, "broker.after_answer", questions: 2);

        // Slower than a turn lasts: who has it keeps it alive.
        cluster.Sandbox.Script.Enqueue(AnyToken, SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(12)));
        await brokers.RejectAsync();
        await brokers.RenewAsync(questions: 1);

        // 500, and 500 again.
        cluster.Sandbox.Script.Enqueue(AnyToken, SandboxReply.Json("{}", 500), SandboxReply.Json("{}", 500));
        await brokers.RejectAsync();
        await brokers.RenewAsync(questions: 3);

        // A lifetime that nobody can mean does not make them ask for each call.
        foreach (var nonsense in new long[] { -7200, 0, 1, long.MaxValue })
        {
            cluster.Sandbox.Faults = new() { TokenExpiresIn = nonsense };
            await brokers.RejectAsync();
            await brokers.RenewAsync(questions: 1);
            await brokers.RenewAsync(questions: 0);
        }

        // Nobody listens: that is said, and ends with it.
        await brokers.RejectAsync();
        cluster.Links.Between("token-broker", "tiktok").ToList().ForEach(link => link.Refuse());
        foreach (var broker in brokers.All)
        {
            (await Should.ThrowAsync<RpcException>(() => broker.TokenAsync(Token))).StatusCode.ShouldBe(StatusCode.Unavailable);
        }

        cluster.Links.Heal();
        await brokers.RenewAsync(questions: 1);
        await ClusterInvariants.CheckAsync(cluster, Nothing, Token);
    }

    [Fact]
    public async Task A_token_that_is_revoked_costs_one_request_and_one_question()
    {
        const int Videos = 600;
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new()
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Collector__Walkers"] = $"{InFlight}", ["QuotaGovernor__MaxInFlight"] = $"{InFlight}" },
        });
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        cluster.Sandbox.Script.Enqueue(SandboxMatch.VideoQuery, [.. Enumerable.Repeat(SandboxReply.DelayThenNormal(OfAPage), expected.Requests)]);

        // In the middle of paging, twice.
        using var caller = cluster.Caller(0);
        var collection = await caller.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);
        foreach (var pages in (int[])[2, 4])
        {
            await cluster.Sandbox.Log.WaitUntilAsync(log => log.Count(IsAnswered) >= pages, Token);
            cluster.Sandbox.RevokeTokens();
        }

        await caller.UntilAsync(collection, status => status.State is CollectionState.Complete, Token);
        Refused(cluster).ShouldBe(2);
        Questions(cluster).ShouldBe(3);

        // Two collectors with four walkers each, all with a token that is no longer good.
        cluster.Sandbox.RevokeTokens();
        await Task.WhenAll(Enumerable.Range(0, 2 * InFlight).Select(i => CollectEmptyMonthAsync(cluster, i)));
        var storm = Refused(cluster) - 2;
        storm.ShouldBeInRange(1, InFlight);
        Questions(cluster).ShouldBe(4);

        // A request with a token that is no longer good is charged, as every request that was sent; what was on its way then could not know.
        await ClusterInvariants.CheckAsync(cluster, expected with { Requests = expected.Requests + (2 * InFlight) + 2 + storm, Leaked = 2 + storm }, Token);
    }

    [Fact]
    public async Task A_token_that_ends_as_promised_costs_nothing()
    {
        Assert.SkipUnless(Servers.AllFaults, "A token is good for a minute at least, which is long for a sample.");
        const int Videos = 3_000;
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new() { Sandbox = new() { EmptyWorld = true, TokenLifetime = TimeSpan.FromMinutes(1) } });
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        cluster.Sandbox.Script.Enqueue(SandboxMatch.VideoQuery, [.. Enumerable.Repeat(SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(2.5)), expected.Requests)]);

        var collected = await cluster.MeshAsync(0, Token, "collect", "terms", "#dkpol", "--region", "DK", "--from", "2026-01-01", "--to", "2026-01-31", "--json");

        collected.ExitCode.ShouldBe(0, collected.Errors);
        Questions(cluster).ShouldBeGreaterThan(1);
        Refused(cluster).ShouldBe(0);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    private static ClusterExpectation Nothing => new(ImmutableSortedDictionary<string, string>.Empty, 0);

    private static bool IsAnswered(SandboxRequest request) => request is { Endpoint: SandboxEndpoint.VideoQuery, Status: 200 };

    private static int Refused(RunningCluster cluster) => cluster.Sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count(request => request.Status is 401);

    private static int Questions(RunningCluster cluster) => cluster.Sandbox.Log.Of(SandboxEndpoint.Token).Count;

    private static async Task CollectEmptyMonthAsync(RunningCluster cluster, int index)
    {
        using var caller = cluster.Caller(index % 2);
        var month = new DateOnly(2025, 1 + index, 1);
        var collection = await caller.SubmitAsync("#dkpol", $"{month:yyyy-MM-dd}", $"{month.AddDays(27):yyyy-MM-dd}", Token);
        await caller.UntilAsync(collection, status => status.State is CollectionState.Complete, Token);
    }

    private static async Task DieInTurnAsync(RunningCluster cluster, Brokers brokers, string failpoint, int questions)
    {
        await brokers.RejectAsync();
        var dying = cluster.Process("token-broker", 0);
        dying.Environment["MESH_FAILPOINTS"] = $"{failpoint}=kill@1";
        await dying.RestartAsync();
        await dying.ReadyAsync(RunningCluster.LongestStart, Token);
        var before = Questions(cluster);

        (await Should.ThrowAsync<RpcException>(() => brokers.All[0].TokenAsync(Token))).StatusCode.ShouldBe(StatusCode.Unavailable);
        var token = await brokers.All[1].TokenAsync(Token).WaitAsync(LongestTurn, Token);

        (await dying.ExitAsync(LongestTurn)).ShouldBe(137);
        dying.Environment.Remove("MESH_FAILPOINTS");
        dying.Start();
        await dying.ReadyAsync(RunningCluster.LongestStart, Token);
        (await brokers.All[0].TokenAsync(Token)).AccessToken.ShouldBe(token.AccessToken);
        (Questions(cluster) - before).ShouldBe(questions);
    }

    /// <summary>Both processes of the broker.</summary>
    private sealed class Brokers(RunningCluster cluster) : IDisposable
    {
        public IReadOnlyList<BrokerCaller> All { get; } = [.. cluster.Of("token-broker").Select(broker => new BrokerCaller(broker, cluster.AsService))];

        /// <summary>Everybody asks at once and gets the same token, for this many questions to TikTok.</summary>
        public async Task RenewAsync(int questions)
        {
            var before = Questions(cluster);
            var tokens = (await Task.WhenAll(All.Select(broker => broker.TokensAsync(Callers, Token)))).SelectMany(each => each).ToList();
            tokens.Select(token => token.AccessToken).Distinct().Count().ShouldBe(1);
            tokens.Select(token => token.Version).Distinct().Count().ShouldBe(1);
            (Questions(cluster) - before).ShouldBe(questions);
        }

        /// <summary>TikTok refused the token that they have.</summary>
        public async Task RejectAsync() => await All[1].RejectAsync(await All[1].TokenAsync(Token), Token);

        public void Dispose()
        {
            foreach (var broker in All)
            {
                broker.Dispose();
            }
        }
    }
}
