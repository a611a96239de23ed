using System.Text.Json;
using IssueObservatory.Mesh.Interop;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(RunningMesh))]

namespace IssueObservatory.Mesh.Interop;

/// <summary><c>mesh up</c> as a process of its own, over a simulated Research API in which some days are dark; one for all tests.</summary>
public sealed class RunningMesh : IAsyncLifetime
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder folder = new();
    private RunningProgram? program;

    /// <summary>The day that hashtag searches cannot have, of every second month.</summary>
    public const int DarkDay = 3;

    /// <summary>The simulated API.</summary>
    public SandboxServer Sandbox { get; private set; } = null!;

    /// <summary>Where callers connect.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The file with address and key.</summary>
    public string KeyFile => folder.PathOf(Path.Combine("data", "host.json"));

    /// <summary>The key.</summary>
    public string Key { get; private set; } = null!;

    /// <summary>What the program wrote to stderr.</summary>
    public string Errors => program!.Errors;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await SandboxServer.StartAsync(
            new() { Faults = new() { Blackouts = [.. Enumerable.Range(1, 6).Select(pair => new DateOnly(2025, 2 * pair, DarkDay)).Select(day => new SandboxBlackout(day, day, "hashtag"))] } },
            CancellationToken.None);
        await StartAsync();
    }

    /// <summary>Kills the program and starts it again: another port, another key, the same folder.</summary>
    public async Task CrashAsync()
    {
        await program!.DisposeAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (program is not null)
        {
            await program.DisposeAsync();
        }

        await Sandbox.DisposeAsync();
        folder.Dispose();
    }

    private async Task StartAsync()
    {
        program = RunningProgram.Mesh(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["RESEARCH_API_BASE_URL"] = Sandbox.Address.GetLeftPart(UriPartial.Authority),
                ["TIKTOK_CLIENT_KEY"] = "interop-key",
                ["TIKTOK_CLIENT_SECRET"] = "interop-secret",
            },
            "up", "--port", "0", "--rate", "0", "--json", "--data", folder.PathOf("data"));
        var line = await program.OutputAsync(text => text.EndsWith('\n'), LongestStart);
        Address = new Uri(JsonDocument.Parse(line).RootElement.Word("address"));
        Key = JsonDocument.Parse(await File.ReadAllTextAsync(KeyFile)).RootElement.Word("key");
    }
}
