using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Integration.Cli;

/// <summary>The command against the sandbox, as people and scripts use it.</summary>
public sealed class MeshCommandTests : IAsyncLifetime
{
    private static readonly string[] Quarter = ["collect", "terms", "#dkpol", "folketinget", "--region", "DK", "--from", "2026-01-01", "--to", "2026-03-31", "--rate", "0", "--json"];

    private readonly string folder = Directory.CreateTempSubdirectory("mesh-cli-").FullName;
    private SandboxServer sandbox = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(folder, "data");

    public async ValueTask InitializeAsync() => sandbox = await SandboxServer.StartAsync(new() { Port = 0 }, Stop);

    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_quarter_is_collected_once_and_exported_whole()
    {
        var first = await RunAsync(Quarter);
        var again = await RunAsync(Quarter);
        var export = await RunAsync("export", "--format", "ndjson", "--out", Path.Combine(folder, "videos.ndjson"), "--json");

        first.ExitCode.ShouldBe(0, first.Error);
        var status = MeshProcess.LastLine(first.Output);
        status.GetProperty("state").GetString().ShouldBe("complete");
        status.GetProperty("days").GetProperty("complete").GetInt64().ShouldBe(90);
        var sent = status.GetProperty("requests").GetProperty("sent").GetInt32();
        sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count.ShouldBe(sent);

        again.ExitCode.ShouldBe(0, again.Error);
        MeshProcess.LastLine(again.Output).GetProperty("collection_id").GetString().ShouldBe(status.GetProperty("collection_id").GetString());
        sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count.ShouldBe(sent);

        export.ExitCode.ShouldBe(0, export.Error);
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "videos.ndjson"), Stop);
        lines.Length.ShouldBe(MeshProcess.LastLine(export.Output).GetProperty("records").GetInt32());
        lines.Length.ShouldBe(status.GetProperty("records").GetProperty("new").GetInt32());
        Directory.GetFiles(folder, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_spent_day_ends_with_4_and_an_interruption_with_130()
    {
        var spent = await RunAsync([.. Quarter, "--no-wait"], ("QUOTA_DAILY_REQUESTS", "7"));

        spent.ExitCode.ShouldBe(4, spent.Error);
        MeshProcess.LastLine(spent.Output).GetProperty("state").GetString().ShouldBe("waiting_for_quota");
        sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count.ShouldBe(7);

        using var waiting = MeshProcess.Start(Environment(("QUOTA_DAILY_REQUESTS", "7")), [.. Quarter, "--data", Data]);
        await UntilAsync(() => waiting.Error.Contains("goes on at", StringComparison.Ordinal));
        waiting.Interrupt();
        var interrupted = await waiting.EndAsync(Stop);

        interrupted.ExitCode.ShouldBe(130, interrupted.Error);
        interrupted.Error.ShouldContain("the same command goes on");
        sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count.ShouldBe(7);
    }

    [Fact]
    public async Task The_second_command_attaches_and_takes_over_when_the_first_is_killed()
    {
        // The first process has work that it cannot finish today; the second must outlive it.
        using var host = MeshProcess.Start(Environment(("QUOTA_DAILY_REQUESTS", "7")), [.. Quarter, "--data", Data]);
        await UntilAsync(() => host.Error.Contains("goes on at", StringComparison.Ordinal));
        using var second = MeshProcess.Start(Environment(), [.. Quarter, "--data", Data]);
        await UntilAsync(() => second.Error.Contains("Goes on with collection", StringComparison.Ordinal));

        var up = await RunAsync("up", "--port", "0");
        up.ExitCode.ShouldBe(1);
        up.Error.ShouldContain("already");

        host.Kill();
        var done = await second.EndAsync(Stop);

        done.ExitCode.ShouldBe(0, done.Error);
        MeshProcess.LastLine(done.Output).GetProperty("state").GetString().ShouldBe("complete");
    }

    [Fact]
    public async Task A_wrong_secret_and_a_missing_credential_end_with_1_and_spend_nothing()
    {
        await sandbox.DisposeAsync();
        sandbox = await SandboxServer.StartAsync(new() { Port = 0, RequiredSecret = "another" }, Stop);

        var wrong = await RunAsync(Quarter);
        var missing = await RunAsync(Quarter, ("TIKTOK_CLIENT_KEY", ""), ("TIKTOK_CLIENT_SECRET", ""));

        wrong.ExitCode.ShouldBe(1);
        wrong.Error.ShouldContain("invalid_client");
        missing.ExitCode.ShouldBe(1);
        missing.Error.ShouldContain("mesh credentials add");
        sandbox.Log.Of(SandboxEndpoint.VideoQuery).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_mesh_refuses_names_the_argument_and_ends_with_2()
    {
        string[][] commands =
        [
            ["collect", "terms", "#dkpol", "--from", "2026-03-31", "--to", "2026-01-01"],
            ["collect", "terms", "#dkpol", "--from", "2016-01-01", "--to", "2026-01-01"],
            ["collect", "terms", "#"],
            ["collect", "terms", "a", "--region", "QQ"],
            ["collect", "terms", "a", "--fields", "nope"],
            ["collect", "terms", "a", "--tier", "medium"],
            ["collect", "videos", "no-id"],
            ["status", "unknown"],
        ];
        string[] names = ["--from", "--from", "TERM", "--region", "--fields", "--tier", "ID", "COLLECTION"];
        foreach (var (command, name) in commands.Zip(names))
        {
            var refused = await RunAsync(command);

            refused.ExitCode.ShouldBe(2, refused.Error);
            refused.Error.ShouldContain(name);
            refused.Error.TrimEnd('\n').ShouldNotContain('\n');
        }

        sandbox.Log.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Videos_are_read_again_by_the_hundred()
    {
        (await RunAsync(Quarter)).ExitCode.ShouldBe(0);

        var refresh = await RunAsync("refresh", "run", "--all", "--max-units", "2", "--rate", "0", "--json");
        var status = await RunAsync("refresh", "status", "--json");

        refresh.ExitCode.ShouldBe(0, refresh.Error);
        MeshProcess.LastLine(refresh.Output).GetProperty("videos").GetInt32().ShouldBe(200);
        MeshProcess.LastLine(status.Output).GetProperty("in_flight").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task The_demo_ends_well_and_needs_nothing()
    {
        var demo = await MeshProcess.RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), Stop, "demo", "--data", Data, "--json");

        demo.ExitCode.ShouldBe(0, demo.Error);
        var result = MeshProcess.LastLine(demo.Output);
        result.GetProperty("records").GetInt64().ShouldBeGreaterThan(1000);
        result.GetProperty("gaps").GetArrayLength().ShouldBe(1);
        result.GetProperty("gaps")[0].GetProperty("class").GetString().ShouldBe("hashtag");
        result.GetProperty("tokens_fetched").GetInt32().ShouldBeGreaterThan(1);
        result.GetProperty("refreshed_videos").GetInt64().ShouldBe(1000);
        result.GetProperty("hashtags").GetArrayLength().ShouldBe(10);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) => RunAsync(args, []);

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string[] args, params (string Name, string Value)[] environment) =>
        MeshProcess.RunAsync(Environment(environment), Stop, [.. args, "--data", Data]);

    private Dictionary<string, string> Environment(params (string Name, string Value)[] more)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["RESEARCH_API_BASE_URL"] = sandbox.Address.GetLeftPart(UriPartial.Authority),
            ["TIKTOK_CLIENT_KEY"] = "key",
            ["TIKTOK_CLIENT_SECRET"] = "secret",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }
}
