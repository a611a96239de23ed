using System.Diagnostics;
using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cli;

/// <summary>What the command says and answers to the shell, beside the main job.</summary>
public sealed class MeshCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_interruption_says_that_the_same_command_goes_on_and_ends_with_130()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        lab.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.DelayThenNormal(TimeSpan.FromSeconds(2)));
        await using var collect = lab.Start(lab.CollectTerms());
        await lab.Sandbox.Log.WaitUntilAsync(log => log.Any(request => request.Endpoint is SandboxEndpoint.VideoQuery), Token);

        using (var kill = Process.Start("kill", ["-INT", collect.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(Token);
        }

        var interrupted = await collect.ResultAsync(Token);
        interrupted.ExitCode.ShouldBe(130, interrupted.Errors);
        interrupted.Errors.ShouldContain("the same command goes on");
        interrupted.Json.GetProperty("collection_id").GetString().ShouldNotBeNullOrEmpty();
        (await lab.RunAsync(Token, lab.CollectTerms())).ExitCode.ShouldBe(0);
        (await lab.ExportAsync(Token)).Count.ShouldBe(300);
    }

    [Fact]
    public async Task A_wrong_secret_and_a_missing_credential_end_with_1_and_spend_nothing()
    {
        await using var lab = await MeshLab.StartAsync(new() { RequiredSecret = "another" }, Token);

        var wrong = await lab.RunAsync(Token, lab.CollectTerms());
        lab.Environment.Remove("TIKTOK_CLIENT_SECRET");
        lab.Environment.Remove("TIKTOK_CLIENT_KEY");
        var missing = await lab.RunAsync(Token, "collect", "terms", "#dkpol", "--data", lab.Data + "-2", "--rate", "0", "--json");

        wrong.ExitCode.ShouldBe(1);
        wrong.Errors.ShouldContain("invalid_client");
        wrong.Json.GetProperty("state").GetString().ShouldBe("failed");
        missing.ExitCode.ShouldBe(1);
        missing.Errors.ShouldContain("mesh credentials add");
        missing.Json.GetProperty("error").GetProperty("reason").GetString().ShouldBe("NO_CREDENTIAL");
        lab.Queries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--from", "collect", "terms", "#dkpol", "--from", "2026-03-31", "--to", "2026-01-01")]
    [InlineData("--from", "collect", "terms", "#dkpol", "--from", "2016-08-31", "--to", "2026-01-01")]
    [InlineData("TERM", "collect", "terms", "#")]
    [InlineData("--region", "collect", "terms", "a", "--region", "QQ")]
    [InlineData("--fields", "collect", "terms", "a", "--fields", "nope")]
    [InlineData("--tier", "collect", "terms", "a", "--tier", "medium")]
    [InlineData("ID", "collect", "videos", "no-id")]
    [InlineData("COLLECTION", "status", "unknown")]
    public async Task What_the_mesh_refuses_is_one_line_that_names_the_argument(string argument, params string[] command)
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var shell = new Shell { Output = output, Error = error, Input = TextReader.Null };

        var exitCode = await MeshCommand.RunAsync([.. command, "--data", folder.PathOf("data")], shell, Token);

        exitCode.ShouldBe(ExitCode.BadInput, error.ToString());
        error.ToString().ShouldStartWith("mesh: ");
        error.ToString().ShouldContain(argument);
        error.ToString().TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public async Task Videos_are_read_again_by_the_hundred_and_their_counts_are_new()
    {
        await using var lab = await MeshLab.WithVideosAsync(300, Token);
        (await lab.RunAsync(Token, lab.CollectTerms())).ExitCode.ShouldBe(0);
        for (var i = 0; i < 300; i++)
        {
            lab.Sandbox.World.Add(MeshLab.Video(i) with { Counts = new(5_000_000 + i, 1, 1, 1, 1) });
        }

        var before = lab.Queries.Count;
        var refresh = await lab.RunAsync(Token, "refresh", "run", "--all", "--max-units", "2", "--data", lab.Data, "--rate", "0", "--json");
        var status = await lab.RunAsync(Token, "refresh", "status", "--data", lab.Data, "--json");

        refresh.ExitCode.ShouldBe(0, refresh.Errors);
        refresh.Json.GetProperty("videos").GetInt64().ShouldBe(200);
        refresh.Json.GetProperty("left").GetInt64().ShouldBe(100);
        (lab.Queries.Count - before).ShouldBe(2);
        status.Json.GetProperty("in_flight").GetInt64().ShouldBe(0);
        status.Json.GetProperty("scheduled").GetInt64().ShouldBe(300);
        (await lab.ExportAsync(Token)).Values.Count(record => record.GetProperty("views_count").GetInt64() >= 5_000_000).ShouldBe(200);
    }

    [Fact]
    public async Task A_mesh_that_is_up_refuses_a_second_one_and_answers_a_caller_with_its_key()
    {
        await using var lab = await MeshLab.WithVideosAsync(10, Token);
        await using var up = lab.Start("up", "--port", "0", "--data", lab.Data, "--rate", "0");
        await UntilAsync(() => up.Errors.Contains("Authorization", StringComparison.OrdinalIgnoreCase));

        var second = await lab.RunAsync(Token, "up", "--port", "0", "--data", lab.Data);
        var address = up.Errors.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal));
        var remote = await lab.RunAsync(Token, "collect", "terms", "#dkpol", "--from", "2026-01-01", "--to", "2026-01-31", "--server", address, "--key-file", Path.Combine(lab.Data, "host.json"), "--json");
        var stranger = await lab.RunAsync(Token, "quota", "--server", address, "--key-file", Path.Combine(lab.Data, "mesh.json"));

        second.ExitCode.ShouldBe(1);
        second.Errors.ShouldContain("already");
        remote.ExitCode.ShouldBe(0, remote.Errors);
        remote.Json.GetProperty("records").GetProperty("new").GetInt64().ShouldBe(10);
        stranger.ExitCode.ShouldBe(2, stranger.Errors);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
