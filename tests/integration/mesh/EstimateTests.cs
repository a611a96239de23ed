using Grpc.Core;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>What an estimate says of units and of refreshes, with all services as they run.</summary>
public sealed class EstimateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_estimate_says_in_the_same_words_what_a_collection_is_refused_for()
    {
        var clock = new MovedTime(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Time = clock, Manners = SandboxManners.Polite }, Token);
        using var folder = new TemporaryFolder();

        // Everything is kept for interactive work, so that refreshes can have nothing.
        var options = MeshCaller.Options(folder, sandbox, clock, ("QuotaGovernor:InteractiveShare", "1"), ("RefreshScheduler:RunEverySeconds", "1"), ("Collector:RefuseOverForecast", "true"));
        await using var mesh = await EmbeddedMesh.StartAsync(options, Token);
        using var caller = new MeshCaller(mesh);
        await caller.UntilAsync(await caller.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token), status => status.State is CollectionState.Complete, Token);
        var spec = new CollectionSpec { Terms = { "#danskpolitik" }, Days = new() { From = "2026-01-01", To = "2026-01-31" } };
        var sent = sandbox.Log.Count;

        var over = await UntilToldAsync(caller, spec);

        (over.Refused, over.AddedUnits, over.Available).ShouldBe((true, 1, 0));
        var refused = await Should.ThrowAsync<RpcException>(async () => await caller.Arena.SubmitCollectionAsync(new() { Spec = spec }, caller.Key, cancellationToken: Token));
        (refused.StatusCode, refused.Status.Detail).ShouldBe((StatusCode.FailedPrecondition, over.Message));
        sandbox.Log.Count.ShouldBe(sent);
    }

    [Fact]
    public async Task What_was_collected_foretells_what_other_months_cost_and_the_collection_keeps_both_numbers()
    {
        var clock = new MovedTime(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Time = clock, Manners = SandboxManners.Polite }, Token);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(MeshCaller.Options(folder, sandbox, clock), Token);
        using var caller = new MeshCaller(mesh);
        CollectionSpec spec = new() { Terms = { "#dkpol" }, Days = new() { From = "2026-02-01", To = "2026-04-30" } };

        var blind = await caller.Arena.EstimateCollectionAsync(new() { Spec = spec }, caller.Key, cancellationToken: Token);
        (blind.Clauses, blind.CountedClauses, blind.LikelyUnits).ShouldBe((1, 0, blind.MinUnits));
        await caller.UntilAsync(await caller.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token), status => status.State is CollectionState.Complete, Token);
        var told = await caller.Arena.EstimateCollectionAsync(new() { Spec = spec }, caller.Key, cancellationToken: Token);
        var status = await caller.UntilAsync(await caller.SubmitAsync("#dkpol", "2026-02-01", "2026-04-30", Token), each => each.State is CollectionState.Complete, Token);

        (told.CountedClauses, told.MinUnits).ShouldBe((1, blind.MinUnits));
        told.LikelyUnits.ShouldBeGreaterThan(told.MinUnits);
        status.Estimate.LikelyUnits.ShouldBe(told.LikelyUnits);
        ((double)told.LikelyUnits / status.Requests.Sent).ShouldBeInRange(0.7, 1.4, $"foretold {told.LikelyUnits}, took {status.Requests.Sent}");
    }

    /// <summary>The refresh-scheduler tells the governor soon after the first records.</summary>
    private static async Task<RefreshOverload> UntilToldAsync(MeshCaller caller, CollectionSpec spec)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limited.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if ((await caller.Arena.EstimateCollectionAsync(new() { Spec = spec }, caller.Key, cancellationToken: Token)).RefreshOverload is { } over)
            {
                return over;
            }

            limited.IsCancellationRequested.ShouldBeFalse("the governor never heard of refreshes");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
        }
    }
}
