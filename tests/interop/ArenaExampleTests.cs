using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Interop;

/// <summary>The example of an arena that the README shows, as it stands.</summary>
public sealed class ArenaExampleTests(PythonStubs stubs) : IClassFixture<PythonStubs>
{
    private const int LongestExample = 40;
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task The_example_is_short() =>
        (await File.ReadAllLinesAsync(Tools.Client("arena_example.py"))).Length.ShouldBeLessThanOrEqualTo(LongestExample);

    [Fact]
    public async Task The_readme_shows_it_as_it_is()
    {
        var example = await File.ReadAllTextAsync(Tools.Client("arena_example.py"));

        (await File.ReadAllTextAsync(Repository.PathOf("README.md"))).ShouldContain($"```python\n{example[example.IndexOf("key_file, ", StringComparison.Ordinal)..]}```", Case.Sensitive);
    }

    [Fact]
    public async Task It_prints_every_record_once_and_the_gap_although_the_mesh_is_killed_on_the_way()
    {
        var environment = await stubs.EnvironmentAsync();
        await using var mesh = new RunningMesh();
        await mesh.InitializeAsync();
        var asked = new Asked("dkpol", Month: 12);

        // The third page never comes: the mesh is killed while it waits for it.
        mesh.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, SandboxReply.PassThrough, SandboxReply.NeverAnswer);
        await using var example = RunningProgram.Start(Tools.Python, environment, [Tools.Client("arena_example.py"), mesh.KeyFile, asked.Term, Asked.Text(asked.From), Asked.Text(asked.To)]);
        await example.OutputAsync(text => text.Contains("record ", StringComparison.Ordinal), LongestRun);
        await mesh.Sandbox.Log.WaitUntilAsync(requests => requests.Any(request => request is { Endpoint: SandboxEndpoint.VideoQuery, Status: null }), CancellationToken.None).WaitAsync(LongestRun);
        await mesh.CrashAsync();

        (await example.ExitAsync(LongestRun)).ShouldBe(0, example.Errors);
        var lines = example.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var truth = asked.Truth(mesh.Sandbox.World);
        truth.Count.ShouldBeGreaterThan(200, "otherwise the kill did not come in the middle");
        lines.Where(line => line.StartsWith("record ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).Order(StringComparer.Ordinal)
            .ShouldBe(truth.Order(StringComparer.Ordinal));
        lines.Count(line => line.StartsWith("gap ", StringComparison.Ordinal)).ShouldBe(1);
        lines[^1].ShouldStartWith($"gap {Asked.Text(asked.To)} GAP_REASON_BLACKOUT");
    }
}
