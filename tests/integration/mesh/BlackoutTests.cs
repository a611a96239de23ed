using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>Days for which TikTok answers 500: found once, to the day, told with their evidence, and never asked for again on that day.</summary>
public sealed class BlackoutTests
{
    private const string Dkpol = """{"and":[{"operation":"IN","field_name":"region_code","field_values":["DK"]},{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}]}""";

    private static readonly DateOnly First = new(2026, 1, 24);
    private static readonly DateOnly Last = new(2026, 2, 9);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blackout_over_two_windows_is_found_to_the_day_and_the_rest_is_there()
    {
        await using var lab = await StartAsync();

        var collected = await lab.RunAsync(Token, Collect(lab, "#dkpol"));

        collected.ExitCode.ShouldBe(3, collected.Errors);
        CheckGaps(collected.Json);
        collected.Json.GetProperty("days").GetProperty("gap").GetInt32().ShouldBe(17);
        await CheckRecordsAsync(lab);
        lab.Queries.Count(query => query.Status == 500).ShouldBeLessThanOrEqualTo(15);
        var sent = lab.Queries.Count;

        var again = await lab.RunAsync(Token, Collect(lab, "#dkpol"));
        again.ExitCode.ShouldBe(3, again.Errors);
        lab.Queries.Count.ShouldBe(sent);
        CheckGaps(again.Json);

        var listed = await lab.RunAsync(Token, "blackouts", "--data", lab.Data, "--json");
        listed.ExitCode.ShouldBe(0, listed.Errors);
        var dark = listed.Json.GetProperty("blackouts").EnumerateArray().Single(blackout => blackout.GetProperty("state").GetString() == "dark");
        (dark.GetProperty("class").GetString(), Day(dark, "from"), Day(dark, "to")).ShouldBe(("hashtag", First, Last));
        (dark.GetProperty("verified_days").GetInt32() + dark.GetProperty("suspect_days").GetInt32()).ShouldBe(17);
        (await lab.RunAsync(Token, "blackouts", "--data", lab.Data)).Output.ShouldContain("2026-01-24");
        var estimate = await lab.RunAsync(Token, "estimate", "terms", "#andet", "--from", "2026-02-01", "--to", "2026-02-09", "--data", lab.Data, "--json");
        estimate.Json.GetProperty("min_units").GetInt32().ShouldBe(0);
        estimate.Json.GetProperty("known_gaps").GetArrayLength().ShouldBeGreaterThan(0);
        lab.Queries.Count.ShouldBe(sent);
    }

    [Fact]
    public async Task Who_asks_for_other_words_of_the_class_has_the_same_gaps_without_a_failure()
    {
        await using var lab = await StartAsync();
        (await lab.RunAsync(Token, Collect(lab, "#dkpol"))).ExitCode.ShouldBe(3);
        var failed = lab.Queries.Count(query => query.Status == 500);

        var other = await lab.RunAsync(Token, Collect(lab, "#danskpolitik"));
        var word = await lab.RunAsync(Token, Collect(lab, "folketinget"));

        CheckGaps(other.Json);
        word.ExitCode.ShouldBe(0, word.Errors);
        lab.Queries.Count(query => query.Status == 500).ShouldBe(failed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_kill_in_the_middle_of_an_exploration_loses_nothing_of_it(int seed)
    {
        await using var lab = await StartAsync();
        var random = new Random(seed);
        const int Kills = 4;
        for (var kills = 0; kills < Kills; kills++)
        {
            await using var mesh = lab.Start(Collect(lab, "#dkpol"));
            var before = lab.Queries.Count;
            await lab.Sandbox.Log.WaitUntilAsync(_ => lab.Queries.Count >= before + random.Next(2, 6) || mesh.HasExited, Token);
            await mesh.KillAsync();
        }

        var collected = await lab.RunAsync(Token, Collect(lab, "#dkpol"));

        collected.ExitCode.ShouldBe(3, collected.Errors);
        CheckGaps(collected.Json);
        await CheckRecordsAsync(lab);
        lab.Queries.Count(query => query.Status == 500).ShouldBeLessThanOrEqualTo(15 + (2 * Kills));
    }

    private static Task<MeshLab> StartAsync() =>
        MeshLab.StartAsync(new SandboxOptions { Faults = new() { Blackouts = [new(First, Last, "hashtag")] } }, Token);

    private static string[] Collect(MeshLab lab, string term) =>
        ["collect", "terms", term, "--region", "DK", "--from", "2026-01-01", "--to", "2026-03-31", "--data", lab.Data, "--rate", "0", "--json"];

    /// <summary>The gaps are the dark days, each once: those that were tested, with their evidence, and those that were jumped over.</summary>
    private static void CheckGaps(JsonElement summary)
    {
        var gaps = summary.GetProperty("gaps").EnumerateArray().ToList();
        gaps.ShouldAllBe(gap => gap.GetProperty("log_ids").GetArrayLength() > 0);
        gaps.Select(gap => gap.GetProperty("reason").GetString()).Distinct().ShouldBe(["blackout", "blackout_suspect"], ignoreOrder: true);
        gaps.SelectMany(gap => Each(Day(gap, "from"), Day(gap, "to"))).ShouldBe(Each(First, Last));
    }

    private static async Task CheckRecordsAsync(MeshLab lab) =>
        (await lab.ExportAsync(Token)).Keys.ShouldBe(lab.Truth(Dkpol, MeshLab.From, First.AddDays(-1)).Concat(lab.Truth(Dkpol, Last.AddDays(1), MeshLab.To)).Order(StringComparer.Ordinal));

    private static IEnumerable<DateOnly> Each(DateOnly from, DateOnly to) => Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays);

    private static DateOnly Day(JsonElement gap, string end) => DateOnly.Parse(gap.GetProperty(end).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
