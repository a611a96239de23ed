using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>The day's units are spent, and a new day comes.</summary>
public sealed class QuotaDayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seven_units_are_seven_requests_and_the_command_says_what_it_waits_for()
    {
        await using var lab = await MeshLab.WithVideosAsync(1_500, Token);
        lab.Environment["QUOTA_DAILY_REQUESTS"] = "7";

        var collected = await lab.RunAsync(Token, lab.CollectTerms("--no-wait"));

        collected.ExitCode.ShouldBe(4, collected.Errors);
        collected.Json.GetProperty("state").GetString().ShouldBe("waiting_for_quota");
        lab.Queries.Count.ShouldBe(7);
        (await lab.RunAsync(Token, lab.CollectTerms("--no-wait"))).ExitCode.ShouldBe(4);
        lab.Queries.Count.ShouldBe(7);
    }

    [Fact]
    public async Task A_server_that_allows_seven_is_asked_an_eighth_time_and_then_not_once_more_that_day()
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { EmptyWorld = true, DailyRequests = 7 }, Token);
        for (var i = 0; i < 1_500; i++)
        {
            lab.Sandbox.World.Add(MeshLab.Video(i));
        }

        (await lab.RunAsync(Token, lab.CollectTerms("--no-wait"))).ExitCode.ShouldBe(4);
        (await lab.RunAsync(Token, lab.CollectTerms("--no-wait"))).ExitCode.ShouldBe(4);

        lab.Queries.Count.ShouldBe(8);
        lab.Queries.Count(query => query.Counted).ShouldBe(7);
    }

    [Theory]
    [InlineData(7, 1000)]
    [InlineData(1000, 7)]
    public async Task A_collection_that_waits_goes_on_by_itself_after_midnight(int ourLimit, int theirLimit)
    {
        var clock = new MovedTime(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { EmptyWorld = true, DailyRequests = theirLimit, Time = clock, Manners = SandboxManners.Polite }, Token);
        for (var i = 0; i < 1_000; i++)
        {
            sandbox.World.Add(MeshLab.Video(i));
        }

        using var folder = new TemporaryFolder();
        await using var mesh = await EmbeddedMesh.StartAsync(MeshCaller.Options(folder, sandbox, clock, ("QUOTA_DAILY_REQUESTS", $"{ourLimit}")), Token);
        using var caller = new MeshCaller(mesh);
        var id = await caller.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);

        var waiting = await caller.UntilAsync(id, status => status.State is V1.CollectionState.WaitingForQuota, Token);
        waiting.WaitingUntil.ToDateTimeOffset().ShouldBe(new(2026, 6, 2, 0, 0, 35, TimeSpan.Zero), TimeSpan.FromSeconds(30));
        clock.MoveTo(new(2026, 6, 2, 0, 0, 20, TimeSpan.Zero));
        var done = await caller.UntilAsync(id, status => status.State is V1.CollectionState.Complete, Token);

        done.Records.New.ShouldBe(1_000);
        sandbox.Log.CountedOn(new(2026, 6, 1)).ShouldBe(7);
        sandbox.Log.Of(SandboxEndpoint.VideoQuery).ShouldAllBe(query => query.At.TimeOfDay > TimeSpan.FromSeconds(30) || query.At.Day == 1);
    }
}
