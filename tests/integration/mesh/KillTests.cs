using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>kill -9 at any moment, then the same command again.</summary>
public sealed class KillTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_kill_costs_at_most_one_repeated_request_and_no_record(int seed)
    {
        await using var undisturbed = await MeshLab.WithVideosAsync(1_500, Token);
        (await undisturbed.RunAsync(Token, undisturbed.CollectTerms())).ExitCode.ShouldBe(0);
        await using var lab = await MeshLab.WithVideosAsync(1_500, Token);
        var random = new Random(seed);
        var kills = 0;
        for (; kills < 4; kills++)
        {
            await using var mesh = lab.Start(lab.CollectTerms());
            var before = lab.Sandbox.Log.Count;
            await lab.Sandbox.Log.WaitUntilAsync(log => log.Count >= before + random.Next(1, 5) || mesh.HasExited, Token);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System, Token);
            await mesh.KillAsync();
        }

        var collected = await lab.RunAsync(Token, lab.CollectTerms());

        collected.ExitCode.ShouldBe(0, collected.Errors);
        (await lab.ExportAsync(Token)).Keys.ShouldBe((await undisturbed.ExportAsync(Token)).Keys);
        lab.Queries.Count.ShouldBeLessThanOrEqualTo(undisturbed.Queries.Count + kills);
        collected.Json.GetProperty("quota").GetProperty("used").GetInt32().ShouldBeGreaterThanOrEqualTo(lab.Queries.Count(query => query.Counted));
    }

    [Fact]
    public async Task A_kill_while_the_answer_is_on_its_way_repeats_that_one_request()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.NeverAnswer);
        await using (var mesh = lab.Start(lab.CollectTerms()))
        {
            await lab.Sandbox.Log.WaitUntilAsync(log => log.Count(request => request.Cursor > 0) == 1, Token);
            await mesh.KillAsync();
        }

        var collected = await lab.RunAsync(Token, lab.CollectTerms());

        collected.ExitCode.ShouldBe(0, collected.Errors);
        (await lab.ExportAsync(Token)).Count.ShouldBe(300);
        lab.Queries.Count.ShouldBe(4);
        collected.Json.GetProperty("quota").GetProperty("used").GetInt32().ShouldBe(4);
    }
}
