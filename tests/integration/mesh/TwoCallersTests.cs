using IssueObservatory.Mesh.Integration.Cluster;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>One data folder, several commands: the first is the host, the others attach; a host that dies is replaced.</summary>
public sealed class TwoCallersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_follows_a_collection_that_another_process_runs()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        lab.Environment["RESEARCH_API_FIRST_BYTE_SECONDS"] = "60";
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(2)));
        await using var collect = lab.Start(lab.CollectTerms());
        await lab.Sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Cursor > 0), Token);
        var id = (await lab.RunAsync(Token, "list", "--data", lab.Data, "--json")).Json.GetProperty("collections")[0].GetProperty("collection_id").GetString()!;

        var watch = await lab.RunAsync(Token, "watch", id, "--data", lab.Data, "--json");

        watch.ExitCode.ShouldBe(0, watch.Errors);
        watch.Json.GetProperty("state").GetString().ShouldBe("complete");
        (await collect.ResultAsync(Token)).ExitCode.ShouldBe(0);
        lab.Queries.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Two_collects_of_the_same_are_one_and_the_second_goes_on_when_the_first_is_killed()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        lab.Environment["RESEARCH_API_FIRST_BYTE_SECONDS"] = "60";
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(2)), SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(1)));
        await using var first = lab.Start(lab.CollectTerms());
        await lab.Sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Cursor > 0), Token);
        await using var second = lab.Start(lab.CollectTerms());
        await lab.Sandbox.Log.WaitUntilAsync(log => log.Count(request => request.Cursor > 0) >= 2, Token);
        await first.KillAsync();

        var collected = await second.ResultAsync(Token);

        collected.ExitCode.ShouldBe(0, collected.Errors);
        (await lab.ExportAsync(Token)).Count.ShouldBe(300);
        lab.Queries.Count.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task Looking_at_an_unfinished_collection_spends_nothing()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.NeverAnswer);
        await using (var collect = lab.Start(lab.CollectTerms()))
        {
            await lab.Sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Cursor > 0), Token);
            await collect.KillAsync();
        }

        var before = lab.Sandbox.Log.Count;
        (await lab.RunAsync(Token, "list", "--data", lab.Data)).ExitCode.ShouldBe(0);
        (await lab.RunAsync(Token, "quota", "--data", lab.Data)).ExitCode.ShouldBe(0);
        (await lab.ExportAsync(Token)).Count.ShouldBe(100);

        lab.Sandbox.Log.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Who_is_attached_goes_on_when_the_host_is_told_to_stop_and_the_page_in_hand_is_kept()
    {
        var gate = new PageGate();
        await using var lab = await MeshLab.StartAsync(new() { EmptyWorld = true, Time = gate }, Token);
        EmbeddedRun.Fill(lab.Sandbox, 300);
        lab.Environment["RESEARCH_API_FIRST_BYTE_SECONDS"] = "60";
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(5)));
        await using var host = lab.Start(lab.CollectTerms());
        await lab.Sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Cursor > 0), Token);
        await using var attached = lab.Start(lab.CollectTerms());
        await attached.UntilItSaysSomethingAsync(Token);
        await host.SignalAsync("INT");
        gate.Open();

        (await host.ResultAsync(Token)).ExitCode.ShouldBe(130);
        var collected = await attached.ResultAsync(Token);

        collected.ExitCode.ShouldBe(0, collected.Errors);
        (await lab.ExportAsync(Token)).Count.ShouldBe(300);
        lab.Queries.Count.ShouldBe(3);
    }
}
