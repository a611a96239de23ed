using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>A time in which TikTok answers nothing at all is no blackout.</summary>
public sealed class OutageTests
{
    /// <summary>Every day of every class.</summary>
    private static readonly SandboxFaults Down = SandboxFaults.Polite with { Blackouts = [new(new(2016, 1, 1), new(2027, 12, 31))] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collections_wait_and_say_so_no_day_becomes_a_gap_and_all_goes_on_when_TikTok_answers_again()
    {
        var noon = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        var clock = new MovedTime(noon);
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Time = clock, Manners = SandboxManners.Polite }, Token);
        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(MeshCaller.Options(folder, sandbox, clock, ("Collector:SweepSeconds", "1")), Token);
        using var caller = new MeshCaller(mesh);
        await CompleteAsync(caller, await caller.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token));

        sandbox.Faults = Down;
        var id = await caller.SubmitAsync("#danskpolitik", "2026-02-01", "2026-03-31", Token);
        var waiting = await caller.UntilAsync(id, status => status.WaitingFor.StartsWith("the next try: TikTok does not answer (since 2026-06-01 12:0", StringComparison.Ordinal), Token);

        (waiting.State, waiting.Days.Gap, waiting.Days.Pending).ShouldBe((CollectionState.Running, 0, 59));
        sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count(query => query.Status == 500).ShouldBeLessThanOrEqualTo(13);
        var listed = await caller.Arena.ListBlackoutsAsync(new(), caller.Key, cancellationToken: Token);
        listed.Outage.NextTry.ShouldBe(waiting.WaitingUntil);
        listed.Blackouts.ShouldNotContain(blackout => blackout.State == BlackoutState.Dark);
        (await caller.Arena.CheckHealthAsync(new(), caller.Key, cancellationToken: Token)).State.ShouldBe(HealthState.Degraded);

        sandbox.Faults = SandboxFaults.Polite;
        clock.MoveTo(noon.AddHours(1));
        var complete = await CompleteAsync(caller, id);

        complete.Days.Complete.ShouldBe(59);
        complete.WaitingFor.ShouldBeEmpty();
        (await caller.Arena.ListBlackoutsAsync(new(), caller.Key, cancellationToken: Token)).ShouldSatisfyAllConditions(
            after => after.Outage.ShouldBeNull(),
            after => after.Blackouts.ShouldNotContain(blackout => blackout.State == BlackoutState.Dark));
        complete.Estimate.MinUnits.ShouldBe(2);
    }

    private static Task<CollectionStatus> CompleteAsync(MeshCaller caller, string id) => caller.UntilAsync(id, status => status.State is CollectionState.Complete, Token);
}
