using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>A mesh that works by itself looks after blackouts, with what collections lack and with nothing else.</summary>
public sealed class HealingTests
{
    private static readonly DateOnly First = new(2026, 1, 10);
    private static readonly DateOnly Last = new(2026, 1, 20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Days_that_heal_are_noticed_the_next_day_and_filled_in_for_everybody_without_a_command()
    {
        var clock = new MovedTime(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var sandbox = await StartAsync(clock);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(MeshCaller.Options(folder, sandbox, clock, ("Collector:SweepSeconds", "1")), Token);
        using var caller = new MeshCaller(mesh);
        var one = await CollectAsync(caller, "#dkpol");
        var other = await CollectAsync(caller, "#danskpolitik");
        var sent = Queries(sandbox);

        sandbox.Faults = sandbox.Faults with { Blackouts = [] };
        clock.MoveTo(new(2026, 6, 2, 12, 0, 0, TimeSpan.Zero));
        foreach (var id in new[] { one, other })
        {
            (await UntilCompleteAsync(caller, id)).Days.Complete.ShouldBe(31);
        }

        Failures(sandbox, from: sent).ShouldBe(0);
        var listed = await caller.Arena.ListBlackoutsAsync(new(), caller.Key, cancellationToken: Token);
        listed.Blackouts.Where(blackout => blackout.State is BlackoutState.Dark).ShouldBeEmpty();
        listed.Blackouts.Single(blackout => blackout.State is BlackoutState.Healed).Days.ShouldBe(new DayRange { From = "2026-01-10", To = "2026-01-20" });
    }

    [Fact]
    public async Task Days_that_stay_dark_cost_a_few_probes_a_day_and_the_collection_ends_again()
    {
        var clock = new MovedTime(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var sandbox = await StartAsync(clock);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(MeshCaller.Options(folder, sandbox, clock, ("Collector:SweepSeconds", "1")), Token);
        using var caller = new MeshCaller(mesh);
        var id = await CollectAsync(caller, "#dkpol");
        var sent = Queries(sandbox);

        clock.MoveTo(new(2026, 6, 2, 12, 0, 0, TimeSpan.Zero));

        // ⌈log2(11 + 1)⌉ of them, and a new collection of others adds none.
        await sandbox.Log.WaitUntilAsync(_ => Queries(sandbox) == sent + 4, Token);
        var ended = await caller.UntilAsync(id, status => status.State is CollectionState.CompleteWithGaps, Token);
        ended.Days.Gap.ShouldBe(11);
        await CollectAsync(caller, "#danskpolitik");
        Failures(sandbox, from: sent).ShouldBe(4);
    }

    private static Task<SandboxServer> StartAsync(TimeProvider clock) => SandboxServer.StartAsync(
        new SandboxOptions { Time = clock, Manners = SandboxManners.Polite, Faults = SandboxFaults.Polite with { Blackouts = [new(First, Last, "hashtag")] } },
        Token);

    private static async Task<string> CollectAsync(MeshCaller caller, string term)
    {
        var id = await caller.SubmitAsync(term, "2026-01-01", "2026-01-31", Token);
        var ended = await caller.UntilAsync(id, status => status.State is CollectionState.CompleteWithGaps, Token);
        ended.Days.Gap.ShouldBe(11);
        return id;
    }

    /// <summary>An ended collection ends every watch, so it is asked again until it has gone on and ended for good.</summary>
    private static async Task<CollectionStatus> UntilCompleteAsync(MeshCaller caller, string id)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limited.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            var status = (await caller.Arena.GetCollectionAsync(new() { CollectionId = id }, caller.Key, cancellationToken: limited.Token)).Status;
            if (status.State is CollectionState.Complete)
            {
                return status;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limited.Token);
        }
    }

    private static int Queries(SandboxServer sandbox) => sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count;

    private static int Failures(SandboxServer sandbox, int from) => sandbox.Log.Of(SandboxEndpoint.VideoQuery).Skip(from).Count(query => query.Status == 500);
}
