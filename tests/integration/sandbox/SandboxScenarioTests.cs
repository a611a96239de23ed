using System.Net.Http.Json;
using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Scenarios give good clients and bad ones their verdict.</summary>
public sealed class SandboxScenarioTests
{
    /// <summary>Each scenario with what a good and a bad client do.</summary>
    public static TheoryData<string, bool, SandboxVerdictState> Clients { get; } = new()
    {
        { "token_ends", true, SandboxVerdictState.Passed },
        { "token_ends", false, SandboxVerdictState.Failed },
        { "scope_missing", true, SandboxVerdictState.Passed },
        { "scope_missing", false, SandboxVerdictState.Failed },
        { "slow_down", true, SandboxVerdictState.Passed },
        { "slow_down", false, SandboxVerdictState.Failed },
        { "day_is_spent", true, SandboxVerdictState.Passed },
        { "day_is_spent", false, SandboxVerdictState.Failed },
        { "search_not_ready", true, SandboxVerdictState.Passed },
        { "search_not_ready", false, SandboxVerdictState.Failed },
        { "search_lost", true, SandboxVerdictState.Passed },
        { "search_lost", false, SandboxVerdictState.Failed },
        { "dark_days", true, SandboxVerdictState.Passed },
        { "dark_days", false, SandboxVerdictState.Failed },
        { "false_error", true, SandboxVerdictState.Passed },
        { "false_error", false, SandboxVerdictState.Failed },
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Each_scenario_knows_a_good_client_from_a_bad_one(string name, bool good, SandboxVerdictState expected)
    {
        await using var sandbox = await WithVideosAsync(250);
        sandbox.Server.World.Add(new SandboxCreator { Username = "vibe_dk" });
        var scenario = SandboxScenario.All.Single(scenario => scenario.Name == name);
        sandbox.Server.Verdict(scenario).ShouldBeNull();
        sandbox.Server.Begin(scenario);
        sandbox.Server.Verdict(scenario)!.State.ShouldBe(SandboxVerdictState.Running);
        await PlayAsync(sandbox, name, good);
        var verdict = sandbox.Server.Verdict(scenario)!;
        verdict.State.ShouldBe(expected, string.Join("; ", verdict.Checks));
    }

    [Fact]
    public void Every_scenario_is_tried_by_both_clients() =>
        Clients.Select(row => row.Data.Item1).Distinct(StringComparer.Ordinal).ShouldBe(SandboxScenario.All.Select(scenario => scenario.Name));

    [Fact]
    public async Task Scenarios_can_be_begun_and_judged_from_outside()
    {
        await using var sandbox = await WithVideosAsync(5, options: new() { ManagementPort = 0 });
        using var http = new HttpClient { BaseAddress = sandbox.Server.ManagementAddress };
        (await http.GetStringAsync("/scenarios")).TrimEnd().Split('\n').Length.ShouldBe(SandboxScenario.All.Count);
        using var early = await http.GetAsync("/scenarios/token_ends");
        ((int)early.StatusCode).ShouldBe(400);
        using var begun = await http.PostAsync("/scenarios/token_ends", null);
        begun.IsSuccessStatusCode.ShouldBeTrue();
        await PlayAsync(sandbox, "token_ends", good: true);
        var verdict = await http.GetFromJsonAsync<JsonElement>("/scenarios/token_ends");
        verdict.GetProperty("state").GetString().ShouldBe("passed");
        verdict.GetProperty("checks")[0].GetProperty("holds").GetBoolean().ShouldBeTrue();
        using var unknown = await http.PostAsync("/scenarios/nothing", null);
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("token_ends, scope_missing");
    }

    private static async Task PlayAsync(SandboxFixture sandbox, string name, bool good)
    {
        void Wait(double seconds) => sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(seconds));
        switch (name)
        {
            case "token_ends":
                await sandbox.VideosAsync(Dkpol());
                await sandbox.RenewTokenAsync();
                if (!good)
                {
                    await sandbox.RenewTokenAsync();
                }

                await sandbox.VideosAsync(Dkpol());
                break;
            case "scope_missing":
                await sandbox.AskAsync("user/followers", null, new { username = "vibe_dk" });
                if (!good)
                {
                    await sandbox.RenewTokenAsync();
                    await sandbox.AskAsync("user/followers", null, new { username = "vibe_dk" });
                }

                break;
            case "slow_down":
                for (var i = 0; i < 3; i++)
                {
                    await sandbox.VideosAsync(Dkpol());
                    Wait(good ? 2 : 0);
                }

                break;
            case "day_is_spent":
                await sandbox.VideosAsync(Dkpol());
                if (!good)
                {
                    await sandbox.VideosAsync(Dkpol());
                }

                Wait(12 * 3600);
                await sandbox.RenewTokenAsync();
                await sandbox.VideosAsync(Dkpol());
                break;
            case "search_not_ready":
                var first = await sandbox.VideosAsync(Dkpol());
                await sandbox.VideosAsync(Page(first));
                for (var i = 0; i < 3; i++)
                {
                    await sandbox.VideosAsync(good ? Page(first) : Dkpol());
                }

                break;
            case "search_lost":
                var opened = await sandbox.VideosAsync(Dkpol());
                for (var i = 0; i < (good ? 3 : 9); i++)
                {
                    await sandbox.VideosAsync(Page(opened));
                }

                await sandbox.VideosAsync(Body(Query(Condition("hashtag_name", "EQ", "dkpol")), end: "20260203"));
                break;
            case "dark_days":
                for (var i = 0; i < (good ? 2 : 3); i++)
                {
                    await sandbox.VideosAsync(Dkpol());
                }

                break;
            default:
                await sandbox.UserAsync("vibe_dk");
                if (!good)
                {
                    await sandbox.UserAsync("vibe_dk");
                }

                break;
        }
    }
}
