using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>A sandbox, a data folder and the environment of somebody who collects from the one into the other.</summary>
internal sealed class MeshLab : IAsyncDisposable
{
    public static readonly DateOnly From = new(2026, 1, 1);
    public static readonly DateOnly To = new(2026, 3, 31);

    private readonly TemporaryFolder folder = new();

    private MeshLab(SandboxServer sandbox)
    {
        Sandbox = sandbox;
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RESEARCH_API_BASE_URL"] = sandbox.Address.ToString().TrimEnd('/'),
            ["TIKTOK_CLIENT_KEY"] = "awkey0000000",
            ["TIKTOK_CLIENT_SECRET"] = "canary-secret-4711",
            ["RESEARCH_API_FIRST_BYTE_SECONDS"] = "3",
        };
    }

    public SandboxServer Sandbox { get; }

    public Dictionary<string, string> Environment { get; }

    public string Data => folder.PathOf("data");

    public IReadOnlyList<SandboxRequest> Queries => Sandbox.Log.Of(SandboxEndpoint.VideoQuery);

    public static async Task<MeshLab> StartAsync(SandboxOptions options, CancellationToken cancellationToken) =>
        new(await SandboxServer.StartAsync(options with { Manners = SandboxManners.Polite }, cancellationToken));

    /// <summary>A lab whose sandbox holds exactly <paramref name="count"/> videos with #dkpol, all there, so that three pages hold 300.</summary>
    public static async Task<MeshLab> WithVideosAsync(int count, CancellationToken cancellationToken)
    {
        var lab = await StartAsync(new SandboxOptions { EmptyWorld = true }, cancellationToken);
        for (var i = 0; i < count; i++)
        {
            lab.Sandbox.World.Add(Video(i));
        }

        return lab;
    }

    /// <summary>The i-th of the videos, spread over January 2026.</summary>
    public static SandboxVideo Video(int i)
    {
        var uploaded = new DateTimeOffset(2026, 1, 1, 0, 0, 5, TimeSpan.Zero).AddMinutes(i * 140 % 44_000);
        return new()
        {
            Id = (uploaded.ToUnixTimeSeconds() << 32) + i,
            CreateTime = uploaded.AddSeconds(2),
            Username = $"opdigtet{i % 7}",
            Description = $"Video nummer {i} #dkpol ",
            HashtagNames = ["dkpol"],
            Counts = new(1_000 + i, 100 + i, 10, 5, 1),
        };
    }

    public string[] CollectTerms(params IEnumerable<string> more) =>
        ["collect", "terms", "#dkpol", "--region", "DK", "--from", "2026-01-01", "--to", "2026-01-31", "--data", Data, "--rate", "0", "--json", .. more];

    public Task<ProgramResult> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        RunningProgram.MeshAsync(Environment, cancellationToken, arguments);

    public RunningProgram Start(params IEnumerable<string> arguments) => RunningProgram.Mesh(Environment, arguments);

    /// <summary>Every record of the folder, by platform_id, as exported.</summary>
    public async Task<SortedDictionary<string, JsonElement>> ExportAsync(CancellationToken cancellationToken)
    {
        var file = folder.PathOf("export.ndjson");
        var result = await RunAsync(cancellationToken, "export", "--data", Data, "--format", "ndjson", "--out", file);
        Assert.True(result.ExitCode == 0, result.Errors);
        var lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return new(lines.ToDictionary(line => JsonDocument.Parse(line).RootElement.GetProperty("platform_id").GetString()!, line => JsonDocument.Parse(line).RootElement), StringComparer.Ordinal);
    }

    /// <summary>Ids that the sandbox would return now for these days.</summary>
    public IEnumerable<string> Truth(string query, DateOnly from, DateOnly to) =>
        Sandbox.World.Find(SandboxQuery.Parse(query), from, to).Select(video => video.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        folder.Dispose();
    }
}
