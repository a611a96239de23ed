using System.Globalization;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>kill -9 while lists are read, then the same command again.</summary>
public sealed class ListKillTests
{
    private const int Videos = 3;
    private const int Comments = 900;
    private const int Pages = Videos * Comments / 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_kill_costs_at_most_one_repeated_request_and_the_list_goes_on_where_it_was(int seed)
    {
        await using var lab = await WithCommentsAsync();
        var random = new Random(seed);
        var kills = 0;
        for (; kills < 3; kills++)
        {
            await using var mesh = lab.Start(Collect(lab));
            var before = lab.Sandbox.Log.Count;
            await lab.Sandbox.Log.WaitUntilAsync(log => log.Count >= before + random.Next(2, 6) || mesh.HasExited, Token);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System, Token);
            await mesh.KillAsync();
        }

        var collected = await lab.RunAsync(Token, Collect(lab));

        collected.ExitCode.ShouldBe(0, collected.Errors);
        collected.Json.GetProperty("state").GetString().ShouldBe("complete");
        collected.Json.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("result").GetString()).ShouldBe(Enumerable.Repeat("ok", Videos));
        var asked = lab.Sandbox.Log.Of(SandboxEndpoint.Comments);
        asked.Select(request => request.Body).Distinct(StringComparer.Ordinal).Count().ShouldBe(Pages);
        asked.Count.ShouldBeLessThanOrEqualTo(Pages + kills);
        collected.Json.GetProperty("quota").GetProperty("used").GetInt32().ShouldBeGreaterThanOrEqualTo(asked.Count(request => request.Counted));
        (await lab.RunAsync(Token, Collect(lab))).ExitCode.ShouldBe(0);
        lab.Sandbox.Log.Of(SandboxEndpoint.Comments).Count.ShouldBe(asked.Count);
    }

    private static string[] Collect(MeshLab lab) =>
        ["collect", "comments", .. Enumerable.Range(0, Videos).Select(i => MeshLab.Video(i).Id.ToString(CultureInfo.InvariantCulture)), "--data", lab.Data, "--rate", "0", "--json"];

    private static async Task<MeshLab> WithCommentsAsync()
    {
        var lab = await MeshLab.WithVideosAsync(Videos, Token);
        for (var i = 0; i < Videos; i++)
        {
            var video = MeshLab.Video(i);
            for (var k = 0; k < Comments; k++)
            {
                lab.Sandbox.World.Add(new SandboxComment { Id = ((video.CreateTime.ToUnixTimeSeconds() + k) << 32) + i, VideoId = video.Id, ParentId = video.Id, Text = $"Kommentar {k}" });
            }
        }

        return lab;
    }
}
