using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// One channel per service: one of this process is reached through its own internal port, any other where the configuration says.
/// Of several addresses each gets its turn; one that cannot be reached is passed over until it can, and what one keeps for too long is asked of the next too.
/// </summary>
internal sealed class GrpcChannels(MeshHost host, MeshListeners listeners, InternalKey key, IConfiguration configuration) : IMeshChannels, IDisposable
{
    /// <summary>A process that comes back is used again after this time at the latest.</summary>
    private static readonly TimeSpan LongestReconnectPause = TimeSpan.FromSeconds(3);

    /// <summary>A process that stands still keeps its connections, so a call is made elsewhere too when it has had no answer for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int MostAttempts = 5;

    private static readonly StatusCode[] NobodyAnswered = [StatusCode.Unavailable, StatusCode.Internal];

    private readonly ConcurrentDictionary<string, Lazy<GrpcChannel>> channels = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public CallInvoker Of(string service) => new GrpcMeshCalls(service, host.Name, key, () => To(service));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in channels.Values.Where(channel => channel.IsValueCreated))
        {
            channel.Value.Dispose();
        }
    }

    private CallInvoker To(string service)
    {
        var addresses = host.Has(service) ? [listeners.Internal] : GrpcAddresses.Of(service, configuration);
        return channels.GetOrAdd(string.Join(',', addresses), _ => new Lazy<GrpcChannel>(() => Open(addresses))).Value.CreateCallInvoker();
    }

    /// <summary>A single address is left to the HTTP handler, which asks for a name's address anew with each connection.</summary>
    private static GrpcChannel Open(IReadOnlyList<Uri> addresses) =>
        addresses is [var only] ? GrpcChannel.ForAddress(only, Options(AskAgain())) : GrpcChannel.ForAddress("static:///mesh", Balanced(Options(AskElsewhere()), addresses));

    private static GrpcChannelOptions Balanced(GrpcChannelOptions options, IReadOnlyList<Uri> addresses)
    {
        var known = new StaticResolverFactory(_ => [.. addresses.Select(address => new BalancerAddress(address.IdnHost, address.Port))]);
        options.ServiceProvider = new ServiceCollection().AddSingleton<ResolverFactory>(known).BuildServiceProvider();
        options.Credentials = addresses[0].Scheme == "https" ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        options.ServiceConfig!.LoadBalancingConfigs.Add(new RoundRobinConfig());
        options.InitialReconnectBackoff = TimeSpan.FromMilliseconds(200);
        options.MaxReconnectBackoff = LongestReconnectPause;
        return options;
    }

#pragma warning disable CA2000 // The channel disposes of its handler.
    private static GrpcChannelOptions Options(MethodConfig unanswered) => new()
    {
        MaxReceiveMessageSize = MeshOptions.MaxMessageBytes,
        MaxSendMessageSize = MeshOptions.MaxMessageBytes,
        ServiceConfig = new ServiceConfig { MethodConfigs = { unanswered } },
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        },
    };
#pragma warning restore CA2000

    /// <summary>
    /// Every call inside the mesh may come twice, so one that nobody answered is made again. A connection that breaks is told as "unavailable"
    /// or, when it broke against the protocol, as "internal". A service that answers so itself sends headers before, and need not be asked again.
    /// </summary>
    private static MethodConfig AskAgain()
    {
        var again = new RetryPolicy { MaxAttempts = MostAttempts, InitialBackoff = TimeSpan.FromMilliseconds(100), MaxBackoff = TimeSpan.FromSeconds(1), BackoffMultiplier = 3 };
        Array.ForEach(NobodyAnswered, again.RetryableStatusCodes.Add);
        return new MethodConfig { Names = { MethodName.Default }, RetryPolicy = again };
    }

    /// <summary>The same for several addresses: the next is asked at once when a call broke, and after a while when it has no answer yet. The first answer counts.</summary>
    private static MethodConfig AskElsewhere()
    {
        var elsewhere = new HedgingPolicy { MaxAttempts = MostAttempts, HedgingDelay = Patience };
        Array.ForEach(NobodyAnswered, elsewhere.NonFatalStatusCodes.Add);
        return new MethodConfig { Names = { MethodName.Default }, HedgingPolicy = elsewhere };
    }
}
