using IssueObservatory.Mesh.Tests;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Redis forgets, dies and dawdles; the count of the day does not notice.</summary>
public sealed class RedisFaultTests : ClusterTest
{
    private const int Videos = 1500;
    private const int Spent = 990;
    private const int Left = 10;
    private const int PageSize = 100;

    private static readonly TimeSpan LongestPage = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Page = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Forgetting_everything_at_990_of_1000_and_dying_later_changes_no_count_and_the_collection_stops_at_1000()
    {
        var all = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new());
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        await SpendAsync(cluster, Spent);

        await cluster.RedisServer.FlushAllAsync();

        (await UsedAsync(cluster, 0)).ShouldBe(Spent);
        (await UsedAsync(cluster, 1)).ShouldBe(Spent);
        cluster.Sandbox.Slow(Page);
        using var arena = cluster.Caller(0);
        var collection = await arena.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);
        await cluster.Sandbox.MorePagesAsync(3, LongestPage, Token);
        await cluster.RedisServer.FlushAllAsync();
        await cluster.Sandbox.MorePagesAsync(2, LongestPage, Token);
        await cluster.RedisServer.KillAsync();
        await cluster.Sandbox.MorePagesAsync(1, LongestPage, Token);
        await cluster.RedisServer.RestartAsync();
        cluster.Sandbox.Hurry();

        var stopped = await arena.UntilAsync(collection, status => status.State is CollectionState.WaitingForQuota, Token);

        stopped.Quota.Used.ShouldBe(Spent + Left);
        cluster.Sandbox.Log.All.Count(request => request.Counted).ShouldBe(Spent + Left);
        cluster.Sandbox.Log.All.ShouldNotContain(request => request.Status == 429);
        (await UsedAsync(cluster, 0)).ShouldBe(Spent + Left);
        (await UsedAsync(cluster, 1)).ShouldBe(Spent + Left);

        // Videos come newest first: the ten pages hold those with the highest ids. Each loss costs a token at most; one token was this test's own.
        var newest = all.Records.OrderByDescending(record => record.Key.Length).ThenByDescending(record => record.Key, StringComparer.Ordinal).Take(Left * PageSize);
        cluster.Sandbox.Log.Of(SandboxEndpoint.Token).Count.ShouldBeLessThanOrEqualTo(5);
        await ClusterInvariants.CheckAsync(cluster, new(new SortedDictionary<string, string>(newest.ToDictionary(), StringComparer.Ordinal), Left), Token);
    }

    [Fact]
    public async Task Dawdling_standing_still_and_dying_delay_pages_and_cost_nothing()
    {
        Assert.SkipUnless(Servers.AllFaults, "One of all faults.");
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new() { RedisPersists = true });
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        cluster.Sandbox.Slow(Page);
        using var arena = cluster.Caller(0);
        var collection = await arena.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);
        await cluster.Sandbox.MorePagesAsync(1, LongestPage, Token);

        foreach (var way in cluster.Links.To("redis"))
        {
            way.Delay = TimeSpan.FromSeconds(5);
        }

        await cluster.Sandbox.MorePagesAsync(2, LongestPage, Token);
        cluster.Links.Heal();
        await cluster.RedisServer.PauseAsync();
        await cluster.Sandbox.MorePagesAsync(2, LongestPage, Token);
        await cluster.RedisServer.ResumeAsync();
        await cluster.Sandbox.MorePagesAsync(1, LongestPage, Token);
        await cluster.RedisServer.KillAsync();
        await cluster.Sandbox.MorePagesAsync(2, LongestPage, Token);
        await cluster.RedisServer.RestartAsync();
        cluster.Sandbox.Pages().ShouldBeLessThan(expected.Requests, "the collection must still run");
        cluster.Sandbox.Hurry();

        await arena.UntilAsync(collection, status => status.State is CollectionState.Complete, Token);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    /// <summary>Spends units at TikTok and in the budget, as requests for profiles do.</summary>
    private static async Task SpendAsync(RunningCluster cluster, int units)
    {
        using var http = new HttpClient { BaseAddress = cluster.Sandbox.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_key"] = "awkey0000000",
            ["client_secret"] = SharedSettings.ClientSecret,
            ["grant_type"] = "client_credentials",
        });
        using var answer = await http.PostAsync(new Uri("/v2/oauth/token/", UriKind.Relative), form, Token);
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        for (var unit = 0; unit < units; unit++)
        {
            using var asked = await http.PostAsJsonAsync("/v2/research/user/info/?fields=follower_count", new { username = "nobody" }, Token);
        }

        cluster.Sandbox.Log.All.Count(request => request.Counted).ShouldBe(units);
        using var one = GrpcChannel.ForAddress(cluster.Process("quota-governor", 0).Internal);
        using var two = GrpcChannel.ForAddress(cluster.Process("quota-governor", 1).Internal);
        V1.QuotaGovernor.QuotaGovernorClient[] governors = [new(one), new(two)];
        for (var unit = 0; unit < units; unit++)
        {
            var request = new ReserveQuotaRequest { Account = "default", Bucket = QuotaBucket.Research, Priority = Priority.Interactive, RequestId = Guid.NewGuid().ToString() };
            var grant = (await governors[unit % 2].ReserveQuotaAsync(request, cluster.AsService, cancellationToken: Token)).Grant;
            grant.ShouldNotBeNull();
            await governors[unit % 2].SettleQuotaAsync(new() { GrantId = grant.GrantId, Outcome = GrantOutcome.Answered }, cluster.AsService, cancellationToken: Token);
        }
    }

    private static async Task<long> UsedAsync(RunningCluster cluster, int governor)
    {
        using var channel = GrpcChannel.ForAddress(cluster.Process("quota-governor", governor).Internal);
        var answer = await new V1.QuotaGovernor.QuotaGovernorClient(channel).GetQuotaAsync(new(), cluster.AsService, cancellationToken: Token);
        return answer.Quotas.Single(quota => quota.Bucket is QuotaBucket.Research && quota.Account == "default").Used;
    }
}
