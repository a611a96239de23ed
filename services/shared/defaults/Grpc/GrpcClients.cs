using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Finds the internal port of a service.</summary>
public interface IMeshChannels
{
    /// <summary>Calls to <paramref name="service"/> (its folder's name, e.g. <c>quota-governor</c>); carries our key and trace.</summary>
    CallInvoker Of(string service);
}

/// <summary>Typed clients of other services.</summary>
public static class GrpcClients
{
    /// <summary>
    /// Adds the generated client <typeparamref name="TClient"/> of <paramref name="service"/>; its calls work once the host has started.
    /// What it throws is <see cref="MeshException"/> or <see cref="OperationCanceledException"/>, never <see cref="RpcException"/>.
    /// </summary>
    public static IServiceCollection AddMeshClient<TClient>(this IServiceCollection services, string service)
        where TClient : ClientBase<TClient>
    {
        services.AddSingleton(new GrpcClientNeed(service));
        services.TryAddSingleton(provider => (TClient)Activator.CreateInstance(typeof(TClient), provider.GetRequiredService<IMeshChannels>().Of(service))!);
        return services;
    }
}

/// <summary>A service that this host calls; its address must be known when the host starts.</summary>
internal sealed record GrpcClientNeed(string Service);
