using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary><c>collect --no-wait</c>: whatever it would have to wait for, it says so and leaves; the same command finds out whether that is over.</summary>
public sealed class NoWaitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("terms", "#dkpol", "--from", "2026-01-01", "--to", "2026-01-31")]
    [InlineData("users", "opdigtet1", "opdigtet2")]
    public async Task Units_of_its_own_day_that_are_spent_end_it(params string[] what)
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        string[] collect = ["collect", .. what, "--units-per-day", "1", "--no-wait", "--data", lab.Data, "--rate", "0", "--json"];

        var first = await lab.RunAsync(Token, collect);
        var again = await lab.RunAsync(Token, collect);

        foreach (var left in new[] { first, again })
        {
            left.ExitCode.ShouldBe(4, left.Errors);
            left.Errors.ShouldMatch(@"mesh: .*units of.* goes on at .* \(in .*\), by the same command");
            left.Json.GetProperty("requests").GetProperty("sent").GetInt32().ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_callers_cap_ends_it_and_without_the_cap_it_goes_on_at_once()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        var unheard = await PolicyAsync(lab, "--caps", "locl=5,local=1");
        unheard.ExitCode.ShouldBe(0, unheard.Errors);
        unheard.Errors.ShouldBe("mesh: set; no caller 'local' or 'locl' has used this budget in the last 28 days (nobody has)\n");

        var capped = await lab.RunAsync(Token, lab.CollectTerms("--no-wait"));
        (await PolicyAsync(lab, "--caps", "local=1")).Errors.ShouldBeEmpty();
        (await PolicyAsync(lab, "--weights", "locl=2")).Errors.ShouldContain("no caller 'locl' has used this budget in the last 28 days (these have: local)");
        (await lab.RunAsync(Token, "quota", "--data", lab.Data)).Output.ShouldContain("caps of default, research, in units a day: local 1\n");
        (await PolicyAsync(lab, "--caps", "none")).Errors.ShouldBeEmpty();
        var free = await lab.RunAsync(Token, lab.CollectTerms("--no-wait"));

        capped.ExitCode.ShouldBe(4, capped.Errors);
        capped.Errors.ShouldMatch("mesh: .*caller .* goes on at ");
        free.ExitCode.ShouldBe(0, free.Errors);
        lab.Queries.Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_pace_of_background_work_ends_it_and_is_none_of_interactive_work()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        (await PolicyAsync(lab, "--mode", "paced", "--per-hour", "10")).ExitCode.ShouldBe(0);

        // --rate 0 of the lab's own command would go around every pace.
        string[] collect = ["collect", "terms", "#dkpol", "--from", "2026-01-01", "--to", "2026-01-31", "--no-wait", "--new", "--data", lab.Data, "--rate", "5"];
        var paced = await lab.RunAsync(Token, [.. collect, "--priority", "backfill"]);

        paced.ExitCode.ShouldBe(4, paced.Errors);
        paced.Errors.ShouldMatch("mesh: .*the pace of background work; goes on at ");
        (await lab.RunAsync(Token, collect)).ExitCode.ShouldBe(0);
    }

    private static Task<ProgramResult> PolicyAsync(MeshLab lab, params IEnumerable<string> change) => lab.RunAsync(Token, ["quota", "policy", .. change, "--data", lab.Data]);
}
