using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Sessions;

/// <summary>The calls of one mesh at one address.</summary>
internal sealed class GrpcConnection : IMeshCalls, IDisposable
{
    private readonly GrpcChannel channel;

    /// <summary>Connects with the first call.</summary>
    public GrpcConnection(Uri address, Secret<string> key)
    {
#pragma warning disable CA2000 // The channel disposes of its handler.
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = MeshOptions.MaxMessageBytes,
            MaxSendMessageSize = MeshOptions.MaxMessageBytes,
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = !address.IsLoopback,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            },
        });
#pragma warning restore CA2000
        CallInvoker calls = new GrpcCallerCalls(channel, key);
        Arena = new(calls);
        EventQueues = new(calls);
        Normalizer = new(calls);
        QuotaGovernor = new(calls);
        RefreshScheduler = new(calls);
        TokenBroker = new(calls);
    }

    public TikTokArena.TikTokArenaClient Arena { get; }

    public EventQueues.EventQueuesClient EventQueues { get; }

    public V1.Normalizer.NormalizerClient Normalizer { get; }

    public V1.QuotaGovernor.QuotaGovernorClient QuotaGovernor { get; }

    public V1.RefreshScheduler.RefreshSchedulerClient RefreshScheduler { get; }

    public V1.TokenBroker.TokenBrokerClient TokenBroker { get; }

    public void Dispose() => channel.Dispose();
}
