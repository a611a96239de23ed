using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>One channel per address: a service in this process is reached through its own internal port, any other where the configuration says.</summary>
internal sealed class GrpcChannels(MeshHost host, MeshListeners listeners, InternalKey key, IConfiguration configuration) : IMeshChannels, IDisposable
{
    private readonly ConcurrentDictionary<Uri, Lazy<GrpcChannel>> channels = new();

    /// <inheritdoc/>
    public CallInvoker Of(string service) => new GrpcMeshCalls(service, host.Name, key, () => To(Address(service)));

    /// <summary>What is wrong with the address of a service; null when it can be called.</summary>
    internal string? Problem(string service) => configuration[Key(service)] switch
    {
        _ when IsHere(service) => null,
        { Length: > 0 } text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") => null,
        { Length: > 0 } => $"{Key(service)} must be an address such as http://127.0.0.1:5081.",
        _ => $"{Key(service)} is missing; set it to the address of the service's internal port, such as http://127.0.0.1:5081.",
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in channels.Values.Where(channel => channel.IsValueCreated))
        {
            channel.Value.Dispose();
        }
    }

    private static string Key(string service) => $"Services:{service}";

    private bool IsHere(string service) => host.Services.Contains(service, StringComparer.Ordinal);

    private Uri Address(string service) => IsHere(service) ? listeners.Internal : new Uri(configuration[Key(service)]!);

    private CallInvoker To(Uri address) => channels.GetOrAdd(address, static address => new Lazy<GrpcChannel>(() => Open(address))).Value.CreateCallInvoker();

#pragma warning disable CA2000 // The channel disposes of its handler.
    private static GrpcChannel Open(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = MeshOptions.MaxMessageBytes,
        MaxSendMessageSize = MeshOptions.MaxMessageBytes,
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        },
    });
#pragma warning restore CA2000
}
