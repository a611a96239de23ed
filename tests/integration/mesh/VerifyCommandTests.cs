using System.Globalization;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary><c>mesh refresh verify</c>: told its cost first, stopped at any step, gone on with.</summary>
public sealed class VerifyCommandTests
{
    private const int Videos = 30;

    /// <summary>A task of the sandbox takes 30 s; clocks may differ by as much.</summary>
    private static readonly TimeSpan NearlyDone = TimeSpan.FromSeconds(29);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_its_cost_wants_a_yes_and_names_what_is_missing_once()
    {
        await using var lab = await CollectedAsync();
        var gone = MeshLab.Video(4).Id.ToString(CultureInfo.InvariantCulture);
        lab.Sandbox.World.Add(MeshLab.Video(4) with { GoneAt = DateTimeOffset.UnixEpoch });
        var sent = lab.Sandbox.Log.Count;

        var refused = await lab.RunAsync(Token, Verify(lab));
        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("30 videos and 0 comments in 1 batch, likely 3 units: 0.3 % of a day's quota.");
        refused.Errors.ShouldContain("--yes is needed");
        var recent = await lab.RunAsync(Token, "refresh", "verify", "--data", lab.Data, "--json");
        (recent.ExitCode, recent.Json.GetProperty("left_out").GetInt32()).ShouldBe((0, Videos));
        (await lab.RunAsync(Token, Verify(lab, "nothing"))).ExitCode.ShouldBe(2);
        lab.Sandbox.Log.Count.ShouldBe(sent);

        var verified = await FinishAsync(lab);

        verified.ExitCode.ShouldBe(0, verified.Errors);
        verified.Json.GetProperty("alive").GetInt32().ShouldBe(Videos - 1);
        verified.Json.GetProperty("missing").EnumerateArray().Select(item => item.GetProperty("platform_id").GetString()).ShouldBe([gone]);
        verified.Json.GetProperty("unfinished").GetArrayLength().ShouldBe(0);
        var status = await lab.RunAsync(Token, "refresh", "status", "--data", lab.Data, "--json");
        var missing = status.Json.GetProperty("missing").EnumerateArray().ShouldHaveSingleItem();
        (missing.GetProperty("platform_id").GetString(), missing.GetProperty("missed").GetString()).ShouldBe((gone, "once"));
        (await lab.RunAsync(Token, "refresh", "status", "--data", lab.Data)).Output.ShouldContain($"{gone} video missing once");
    }

    [Fact]
    public async Task A_scope_that_is_missing_ends_with_1_and_one_line_for_the_batch()
    {
        await using var lab = await CollectedAsync();
        lab.Sandbox.Faults = new() { ScopeNotAuthorized = [SandboxEndpoint.ComplianceCreate] };

        var verified = await lab.RunAsync(Token, Verify(lab, "--yes"));

        verified.ExitCode.ShouldBe(1, verified.Errors);
        verified.Errors.ShouldContain("does not let this credential use batch compliance (scope_not_authorized)");
        verified.Json.GetProperty("unfinished").EnumerateArray().ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("scope_not_authorized");
        lab.Sandbox.Log.Of(SandboxEndpoint.ComplianceCreate).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_credential_it_ends_with_1_and_spends_nothing()
    {
        await using var lab = await CollectedAsync();
        var sent = lab.Sandbox.Log.Count;
        lab.Environment.Remove("TIKTOK_CLIENT_SECRET");
        lab.Environment.Remove("TIKTOK_CLIENT_KEY");
        var credentials = await lab.RunAsync(Token, "credentials", "list", "--data", lab.Data, "--json");
        var credential = credentials.Json.GetProperty("credentials").EnumerateArray().ShouldHaveSingleItem().GetProperty("credential_id").GetString()!;
        (await lab.RunAsync(Token, "credentials", "disable", credential, "--data", lab.Data)).ExitCode.ShouldBe(0);

        var verified = await lab.RunAsync(Token, Verify(lab, "--yes"));

        verified.ExitCode.ShouldBe(1, verified.Errors);
        verified.Json.GetProperty("error").GetProperty("reason").GetString().ShouldBe("NO_CREDENTIAL");
        lab.Sandbox.Log.Count.ShouldBe(sent);
    }

    [Theory]
    [InlineData(SandboxEndpoint.ComplianceCreate, 2, 1)]
    [InlineData(SandboxEndpoint.ComplianceStatus, 1, 1)]
    [InlineData(SandboxEndpoint.ComplianceDownload, 1, 2)]
    public async Task A_kill_at_any_step_repeats_that_request_and_makes_no_task_for_nothing(SandboxEndpoint step, int creates, int downloads)
    {
        await using var lab = await CollectedAsync();
        lab.Sandbox.Script.Enqueue(new SandboxMatch(step), SandboxReply.NeverAnswer);
        await using (var mesh = lab.Start(Verify(lab, "--yes")))
        {
            if (step is not SandboxEndpoint.ComplianceCreate)
            {
                await lab.Sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Endpoint is SandboxEndpoint.ComplianceCreate), Token);
                lab.Sandbox.Clock.Advance(NearlyDone);
            }

            await lab.Sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Endpoint == step), Token);
            await mesh.KillAsync();
        }

        var verified = step is SandboxEndpoint.ComplianceCreate ? await FinishAsync(lab, already: 1) : await lab.RunAsync(Token, Verify(lab, "--yes"));

        verified.ExitCode.ShouldBe(0, verified.Errors);
        verified.Json.GetProperty("alive").GetInt32().ShouldBe(Videos);
        verified.Json.GetProperty("missing").GetArrayLength().ShouldBe(0);
        lab.Sandbox.Log.Of(SandboxEndpoint.ComplianceCreate).Count.ShouldBe(creates);
        lab.Sandbox.Log.Of(SandboxEndpoint.ComplianceDownload).Count.ShouldBe(downloads);
    }

    private static async Task<MeshLab> CollectedAsync()
    {
        var lab = await MeshLab.WithVideosAsync(Videos, Token);
        (await lab.RunAsync(Token, lab.CollectTerms())).ExitCode.ShouldBe(0);
        return lab;
    }

    private static string[] Verify(MeshLab lab, params string[] more) => ["refresh", "verify", "--all", "--data", lab.Data, "--rate", "0", "--json", .. more];

    /// <summary>Runs the command and lets the sandbox's task have its time.</summary>
    private static async Task<ProgramResult> FinishAsync(MeshLab lab, int already = 0)
    {
        await using var mesh = lab.Start(Verify(lab, "--yes"));
        await lab.Sandbox.Log.WaitUntilAsync(log => log.Count(request => request.Endpoint is SandboxEndpoint.ComplianceCreate) > already || mesh.HasExited, Token);
        lab.Sandbox.Clock.Advance(NearlyDone);
        return await mesh.ResultAsync(Token);
    }
}
