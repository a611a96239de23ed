using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The gRPC server that every host has.</summary>
internal static class GrpcHost
{
    internal static void Add(IServiceCollection services)
    {
        services.AddSingleton<GrpcDescriptors>();
        services.AddSingleton<GrpcAccess>();
        services.AddSingleton<GrpcCallTelemetry>();
        services.AddSingleton<GrpcErrorTranslation>();
        services.AddSingleton<GrpcCallerIdentification>();
        services.AddSingleton<GrpcServedMethods>();
        services.AddSingleton<GrpcChannels>();
        services.AddSingleton<IMeshChannels>(provider => provider.GetRequiredService<GrpcChannels>());
        services.AddSingleton<IValidateOptions<MeshOptions>, GrpcStartCheck>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MeshOptions.MaxMessageBytes;
            grpc.MaxSendMessageSize = MeshOptions.MaxMessageBytes;

            // From the outside in: the span sees the status that the translation made of whatever identification and handler throw.
            grpc.Interceptors.Add<GrpcCallTelemetry>();
            grpc.Interceptors.Add<GrpcErrorTranslation>();
            grpc.Interceptors.Add<GrpcCallerIdentification>();
        });
    }

    internal static void Map(WebApplication app)
    {
        app.Use(EndStreamsWhenStopping);
        app.MapGrpcService<GrpcHealth>();
        app.MapGrpcService<GrpcReflection>();
        app.MapGrpcService<EventQueuesGrpc>();
    }

    // A watch has no end of its own: without this every open one would hold up the stop until its deadline.
    private static async Task EndStreamsWhenStopping(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type is null or MethodType.Unary)
        {
            await next(context);
            return;
        }

        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.RequestAborted = ending.Token;
        await next(context);
    }
}

/// <summary>The gRPC methods that this host answers.</summary>
internal sealed class GrpcServedMethods(EndpointDataSource endpoints)
{
    /// <summary>Full names of the services, in their order.</summary>
    public IReadOnlyList<string> Services =>
    [
        .. endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}

/// <summary>Stops the start when a service that this host calls has no address, and names all of them.</summary>
internal sealed class GrpcStartCheck(MeshHost host, IEnumerable<GrpcClientNeed> needs, IConfiguration configuration) : IValidateOptions<MeshOptions>
{
    public ValidateOptionsResult Validate(string? name, MeshOptions options)
    {
        var unknown = needs.Select(need => need.Service).Distinct(StringComparer.Ordinal).Where(service => !host.Has(service));
        List<string> problems = [.. unknown.SelectMany(service => GrpcAddresses.Problems(service, configuration))];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
