using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>An account for which TikTok always answers 500 costs its own records and nobody else's.</summary>
public sealed class PoisonousAccountTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_always_fails_darkens_no_day_for_others()
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { EmptyWorld = true, Faults = new() { PoisonousUsernames = ["opdigtet3"] } }, Token);
        for (var i = 0; i < 70; i++)
        {
            lab.Sandbox.World.Add(MeshLab.Video(i * 4));
        }

        var alone = await lab.RunAsync(Token, Collect(lab, "opdigtet3"));

        alone.ExitCode.ShouldBe(3, alone.Errors);
        Gaps(alone.Json).ShouldBe([("failed", "2026-01-01", "2026-06-30")]);
        alone.Json.GetProperty("inputs")[0].GetProperty("reason").GetString().ShouldBe("account_fails");
        var failed = lab.Queries.Count(query => query.Status == 500);
        failed.ShouldBeInRange(3, 7, "each of six windows once at most, and one of them a second time");
        lab.Queries.Count(query => query.Status == 200).ShouldBe(1, "the witness");

        var others = await lab.RunAsync(Token, Collect(lab, "opdigtet1", "opdigtet2", "opdigtet3"));
        others.ExitCode.ShouldBe(3, others.Errors);
        Gaps(others.Json).ShouldBe([("failed", "2026-01-01", "2026-06-30")]);
        others.Json.GetProperty("records").GetProperty("new").GetInt32().ShouldBe(20);
        lab.Queries.Count(query => query.Status == 500).ShouldBe(failed, "an account that sinks searches is not merged, and rests until tomorrow");

        var listed = await lab.RunAsync(Token, "blackouts", "--data", lab.Data, "--json");
        listed.Json.GetProperty("blackouts").EnumerateArray().ShouldNotContain(blackout => blackout.GetProperty("state").GetString() == "dark");
    }

    [Fact]
    public async Task Days_that_are_dark_for_every_account_are_still_found()
    {
        await using var lab = await MeshLab.StartAsync(new SandboxOptions { Faults = new() { Blackouts = [new(new(2026, 2, 3), new(2026, 2, 5), "username")] } }, Token);

        var collected = await lab.RunAsync(Token, Collect(lab, "opdigtet1"));

        collected.ExitCode.ShouldBe(3, collected.Errors);
        Gaps(collected.Json).ShouldAllBe(gap => gap.Reason.StartsWith("blackout"));
        Gaps(collected.Json).Min(gap => gap.From).ShouldBe("2026-02-03");
        Gaps(collected.Json).Max(gap => gap.To).ShouldBe("2026-02-05");
    }

    private static string[] Collect(MeshLab lab, params IEnumerable<string> names) =>
        ["collect", "actors", .. names, "--from", "2026-01-01", "--to", "2026-06-30", "--data", lab.Data, "--rate", "0", "--json"];

    private static IReadOnlyList<(string Reason, string From, string To)> Gaps(JsonElement summary) =>
        [.. summary.GetProperty("gaps").EnumerateArray().Select(gap => (gap.GetProperty("reason").GetString()!, gap.GetProperty("from").GetString()!, gap.GetProperty("to").GetString()!))];
}
