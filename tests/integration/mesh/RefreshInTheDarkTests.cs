using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>A blackout takes from a refresh the videos of its days and no others.</summary>
public sealed class RefreshInTheDarkTests
{
    private static readonly DateOnly First = new(2026, 1, 10);
    private static readonly DateOnly Last = new(2026, 1, 12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Videos_of_lit_days_are_read_again_and_those_of_dark_days_are_neither_missing_nor_asked_for_twice()
    {
        await using var lab = await MeshLab.WithVideosAsync(0, Token);
        AddVideos(lab, views: 1_000);
        (await lab.RunAsync(Token, lab.CollectTerms())).ExitCode.ShouldBe(0);
        AddVideos(lab, views: 5_000_000);
        lab.Sandbox.Faults = lab.Sandbox.Faults with { Blackouts = [new(First, Last, "id")] };
        var before = lab.Queries.Count;

        var run = await RefreshAsync(lab);

        run.ExitCode.ShouldBe(0, run.Errors);
        var records = (await lab.ExportAsync(Token)).Values.ToList();
        records.Count.ShouldBe(100);
        records.ShouldAllBe(record => (record.GetProperty("views_count").GetInt64() >= 5_000_000) != IsDark(record));
        records.Count(IsDark).ShouldBeGreaterThan(5);
        var failed = lab.Queries.Skip(before).Count(query => query.Status == 500);
        failed.ShouldBeInRange(3, 15);
        (await lab.RunAsync(Token, "refresh", "status", "--data", lab.Data, "--json")).Json.GetProperty("missing").GetArrayLength().ShouldBe(0);
        var dark = (await lab.RunAsync(Token, "blackouts", "--data", lab.Data, "--json")).Json.GetProperty("blackouts").EnumerateArray().Single(blackout => blackout.GetProperty("state").GetString() == "dark");
        (dark.GetProperty("class").GetString(), dark.GetProperty("from").GetString(), dark.GetProperty("to").GetString()).ShouldBe(("id", "2026-01-10", "2026-01-12"));

        var again = await RefreshAsync(lab);

        again.ExitCode.ShouldBe(0, again.Errors);
        lab.Queries.Skip(before).Count(query => query.Status == 500).ShouldBe(failed, "what was found dark today is not asked for again");
    }

    private static Task<Tests.ProgramResult> RefreshAsync(MeshLab lab) => lab.RunAsync(Token, "refresh", "run", "--all", "--data", lab.Data, "--rate", "0", "--json");

    private static void AddVideos(MeshLab lab, int views)
    {
        for (var i = 0; i < 100; i++)
        {
            lab.Sandbox.World.Add(MeshLab.Video(i * 3) with { Counts = new(views + i, 1, 1, 1, 1) });
        }
    }

    private static bool IsDark(JsonElement record) =>
        DateOnly.FromDateTime(record.GetProperty("published_at").GetDateTimeOffset().UtcDateTime) is var day && day >= First && day <= Last;
}
