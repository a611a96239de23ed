using System.Diagnostics;
using System.Net;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using Shouldly;
using Xunit;
using QuotaGovernorClient = IssueObservatory.Mesh.V1.QuotaGovernor.QuotaGovernorClient;
using TokenBrokerClient = IssueObservatory.Mesh.V1.TokenBroker.TokenBrokerClient;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>One trace from the caller through gRPC and the bus, received over OTLP, and nothing in it that must not be seen.</summary>
public sealed class TelemetryTests
{
    private const string Canary = "canary-query-text";

    [Fact]
    public async Task Nothing_is_exported_when_no_endpoint_is_set()
    {
        await using var host = await DefaultsHost.StartAsync();

        host.Services.GetService<TracerProvider>().ShouldBeNull();
        host.Services.GetService<OpenTelemetry.Metrics.MeterProvider>().ShouldBeNull();
    }

    [Fact]
    public async Task One_trace_leads_from_the_caller_over_grpc_and_the_bus_to_the_last_call()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var host = await StartAsync(receiver);
        string trace;

        using (var root = MeshTelemetry.Source.StartActivity("the caller").ShouldNotBeNull())
        {
            trace = root.TraceId.ToHexString();
            await CallAsync(host);
        }

        await host.Services.GetRequiredService<Handled>().Done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await host.DisposeAsync();

        receiver.Paths.ShouldBe(["/v1/traces", "/v1/metrics", "/v1/logs"], ignoreOrder: true);
        var spans = receiver.Spans.Where(span => span.TraceId == trace).ToList();
        var way = WayTo(spans.Single(span => span.Name == "issueobservatory.mesh.v1.TokenBroker/ListCredentials"), spans);
        way.Select(span => $"{span.Source}: {span.Name}").ShouldBe(
        [
            "IssueObservatory.Mesh: the caller",
            "Grpc.Net.Client: Grpc.Net.Client.GrpcOut",
            "System.Net.Http: POST",
            "Microsoft.AspNetCore: issueobservatory.mesh.v1.QuotaGovernor/GetQuota",
            "MassTransit: urn:message:IssueObservatory.Mesh.Messages:PageStored send",
            "MassTransit: quota-governor-page-stored receive",
            "MassTransit: quota-governor-page-stored process",
            "IssueObservatory.Mesh: handle",
            "Grpc.Net.Client: Grpc.Net.Client.GrpcOut",
            "System.Net.Http: POST",
            "Microsoft.AspNetCore: issueobservatory.mesh.v1.TokenBroker/ListCredentials",
        ]);
    }

    [Fact]
    public async Task Neither_queries_of_addresses_nor_keys_are_exported()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var host = await StartAsync(receiver);
        var key = host.InternalKey;

        await CallAsync(host);
        await host.Services.GetRequiredService<Handled>().Done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        using (var client = new HttpClient())
        {
            using var answer = await client.GetAsync(new Uri(receiver.Address, $"/outside?fields={Canary}"));
        }

        await host.DisposeAsync();

        receiver.Everything.ShouldContain("/outside", customMessage: "the span of that request must be there, or its absence proves nothing");
        receiver.Everything.ShouldNotContain(Canary);
        receiver.Everything.ShouldNotContain(key);
        receiver.Everything.ShouldNotContain(KnownCallers.Reader);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_does_not_hold_up_the_stop()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        var host = await DefaultsHost.StartAsync(settings: settings);
        host.Services.GetRequiredService<ILogger<TelemetryTests>>().LogInformation("Something to send.");
        var begun = TimeProvider.System.GetTimestamp();

        await host.DisposeAsync();

        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(9));
    }

    private static List<OtlpSpan> WayTo(OtlpSpan last, IReadOnlyList<OtlpSpan> spans)
    {
        List<OtlpSpan> way = [];
        for (var span = last; span is not null; span = spans.FirstOrDefault(one => one.SpanId == span.ParentId))
        {
            way.Insert(0, span);
        }

        return way;
    }

    private static async Task CallAsync(DefaultsHost host) =>
        await new QuotaGovernorClient(host.Callers).GetQuotaAsync(new GetQuotaRequest(), DefaultsHost.AsCaller(KnownCallers.Reader));

    private static async Task<DefaultsHost> StartAsync(OtlpReceiver receiver)
    {
        var behaviour = new Behaviour();
        var host = await DefaultsHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(behaviour).AddSingleton<Handled>();
                builder.Services.AddEventHandler<PageStored, CallsOn>("quota-governor");
                builder.Services.AddMeshClient<TokenBrokerClient>("token-broker");
            },
            app =>
            {
                app.MapGrpcService<FakeGovernor>();
                app.MapGrpcService<FakeBroker>();
            },
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
            "quota-governor",
            "token-broker");
        behaviour.OnCall = context => context.Identity().IsMesh ? Task.CompletedTask : host.Services.GetRequiredService<IEvents>().PublishAsync(new PageStored { LabId = "lab-1", PageId = Canary }, context.CancellationToken);
        return host;
    }

    private sealed class Handled
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class CallsOn(TokenBrokerClient broker, Handled handled) : IEventHandler<PageStored>
    {
        public async Task HandleAsync(PageStored message, CancellationToken cancellationToken)
        {
            using var span = MeshTelemetry.Source.StartActivity("handle", ActivityKind.Internal);
            await broker.ListCredentialsAsync(new ListCredentialsRequest(), GrpcLab.For(message.LabId), cancellationToken: cancellationToken);
            handled.Done.SetResult();
        }
    }
}
