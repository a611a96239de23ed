using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Sends traces, measurements and logs by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; costs nothing otherwise.
/// The standard <c>OTEL_*</c> settings (protocol, headers, intervals) are obeyed. The framework's own sources carry W3C context.
/// </summary>
internal static class TelemetryExport
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    internal static void Add(IHostApplicationBuilder builder, string host)
    {
        if (builder.Configuration[EndpointKey] is not { Length: > 0 } endpoint)
        {
            return;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new StartRefusedException($"{EndpointKey} must be an http or https address such as http://127.0.0.1:4317.");
        }

        IConfiguration configuration = builder.Configuration;
        var resource = ResourceBuilder.CreateDefault().AddService(host);
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "Grpc.Net.Client", "System.Net.Http", "MassTransit", MeshTelemetry.Name)
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", MeshTelemetry.Name)
            .AddOtlpExporter()
            .Build());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(resource).AddOtlpExporter();
        });
        builder.Services.AddHostedService<Exporting>();
    }

    /// <summary>Starts before and stops after everything else, so that nothing is missing at either end.</summary>
    private sealed class Exporting(TracerProvider traces, MeterProvider measurements, LoggerProvider logs) : IHostedService
    {
        private const int FlushMilliseconds = 2000;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
            Task.Run(() => traces.Shutdown(FlushMilliseconds), cancellationToken),
            Task.Run(() => measurements.Shutdown(FlushMilliseconds), cancellationToken),
            Task.Run(() => logs.ForceFlush(FlushMilliseconds), cancellationToken));
    }
}
