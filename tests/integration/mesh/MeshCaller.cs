using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Embedded;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>An arena that calls a mesh over its callers' port.</summary>
internal sealed class MeshCaller : IDisposable
{
    private readonly GrpcChannel channel;
    private readonly Metadata key;

    public MeshCaller(EmbeddedMesh mesh)
        : this(mesh.Address, mesh.Key.Reveal())
    {
    }

    public MeshCaller(Uri address, string callerKey)
    {
        channel = GrpcChannel.ForAddress(address);
        key = new() { { "authorization", $"Bearer {callerKey}" } };
        Arena = new(channel);
    }

    public TikTokArena.TikTokArenaClient Arena { get; }

    public Metadata Key => key;

    public GrpcChannel Channel => channel;

    public static EmbeddedOptions Options(TemporaryFolder folder, SandboxServer sandbox, TimeProvider time, params IEnumerable<(string Key, string Value)> more)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["RESEARCH_API_BASE_URL"] = sandbox.Address.ToString().TrimEnd('/'),
            ["TIKTOK_CLIENT_KEY"] = "awkey0000000",
            ["TIKTOK_CLIENT_SECRET"] = "canary-secret-4711",
            ["RESEARCH_API_FIRST_BYTE_SECONDS"] = "3",
            ["QuotaGovernor:RequestsPerSecond"] = "0",
            ["Collector:ConfirmPauseSeconds"] = "0.1",
            ["RefreshScheduler:Spends"] = "false",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return new() { DataFolder = folder.PathOf("data"), Settings = settings, Time = time };
    }

    public async Task<string> SubmitAsync(string term, string from, string to, CancellationToken cancellationToken)
    {
        var spec = new CollectionSpec { Terms = { term }, Days = new() { From = from, To = to } };
        var answer = await Arena.SubmitCollectionAsync(new() { Spec = spec }, key, cancellationToken: cancellationToken);
        return answer.Status.CollectionId;
    }

    /// <summary>Watches until the condition holds; the test's own time limit ends it otherwise.</summary>
    public async Task<CollectionStatus> UntilAsync(string collectionId, Func<CollectionStatus, bool> condition, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeSpan.FromSeconds(60));
        CollectionStatus? last = null;
        try
        {
            using var watch = Arena.WatchCollection(new() { CollectionId = collectionId }, key, cancellationToken: limited.Token);
            await foreach (var answer in watch.ResponseStream.ReadAllAsync(limited.Token))
            {
                last = answer.Status;
                if (condition(last))
                {
                    return last;
                }
            }
        }
        catch (RpcException ended) when (ended.StatusCode is StatusCode.Cancelled && !cancellationToken.IsCancellationRequested)
        {
            // The time limit; the assertion below says where it stood.
        }

        throw new InvalidOperationException($"The collection never got there; it stands at {last}.");
    }

    public void Dispose() => channel.Dispose();
}
