using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The two ports of a host, both on loopback: one for callers, one for the other services.</summary>
public sealed class MeshListeners
{
    private ListenOptions? callers;
    private ListenOptions? inside;

    /// <summary>Where callers connect; known once the host has started.</summary>
    /// <exception cref="InvalidOperationException">The host has not started.</exception>
    public Uri Callers => AddressOf(callers);

    /// <summary>Where the other services connect; known once the host has started.</summary>
    /// <exception cref="InvalidOperationException">The host has not started.</exception>
    public Uri Internal => AddressOf(inside);

    internal bool IsInternal(int localPort) => inside?.IPEndPoint?.Port == localPort;

    internal static void Add(IServiceCollection services)
    {
        services.AddSingleton<MeshListeners>();
        services.AddOptions<KestrelServerOptions>().Configure<MeshListeners, IOptions<MeshOptions>>((kestrel, listeners, options) => listeners.Listen(kestrel, options));
        services.AddOptions<SocketTransportOptions>().Configure<IOptions<MeshOptions>>((sockets, options) => sockets.CreateBoundListenSocket = endpoint => Bind(endpoint, options.Value));
    }

    private void Listen(KestrelServerOptions kestrel, IOptions<MeshOptions> options)
    {
        MeshOptions ports;
        try
        {
            ports = options.Value;
        }
        catch (OptionsValidationException)
        {
            // The server is made before the start; there the bad values of all options are told at once.
            return;
        }

        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);

        // A caller that reads a long stream slowly is no attack: back-pressure is how it says so.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Listen(IPAddress.Loopback, ports.CallersPort, listen => callers = Http2(listen));
        kestrel.Listen(IPAddress.Loopback, ports.InternalPort, listen => inside = Http2(listen));
    }

    private static ListenOptions Http2(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        return listen;
    }

    private static Socket Bind(EndPoint endpoint, MeshOptions options)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException refused) when (endpoint is IPEndPoint { Port: var port } && refused.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            var key = port == options.CallersPort ? nameof(MeshOptions.CallersPort) : nameof(MeshOptions.InternalPort);
            var why = refused.SocketErrorCode is SocketError.AccessDenied ? "may not be opened by this user" : "is in use by another process";
            throw new StartRefusedException($"Port {((IPEndPoint)endpoint).Port} {why}; set {MeshOptions.Section}:{key} to another port, or to 0 for a free one.", refused);
        }
    }

    private static Uri AddressOf(ListenOptions? listen) =>
        listen?.IPEndPoint is { Port: > 0 } endpoint ? new Uri($"http://{endpoint}") : throw new InvalidOperationException("The host has not started: its ports are not known yet.");
}
