using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Integration.Privacy;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Telemetry;

/// <summary>Three commands over one folder full of canaries, with an OTLP receiver that listens.</summary>
public sealed class ObservedRun : IAsyncLifetime
{
    private MeshLab? lab;

    /// <summary>What was exported.</summary>
    internal OtlpReceiver Receiver { get; private set; } = null!;

    /// <summary>Where the simulated API is.</summary>
    internal Uri Api => lab!.Sandbox.Address;

    /// <summary>What the commands wrote to both streams.</summary>
    internal string Written { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Receiver = await OtlpReceiver.StartAsync();
        lab = await Canaries.StartLabAsync(TestContext.Current.CancellationToken);
        lab.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Receiver.Address.ToString();
        lab.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";

        // Whether its request is sent before the command is over is chance.
        lab.Environment["Collector__MatchCheckDays"] = "0";
        await RunAsync(expected: 3, Canaries.CollectTerms(lab, "--rate", "0"));
        await RunAsync(expected: 0, Canaries.CollectActor(lab, "--rate", "0"));
        await RunAsync(expected: 0, "refresh", "run", "--all", "--data", lab.Data, "--rate", "0");
    }

    public async ValueTask DisposeAsync()
    {
        if (lab is not null)
        {
            await lab.DisposeAsync();
        }

        await Receiver.DisposeAsync();
    }

    private async Task RunAsync(int expected, params IEnumerable<string> arguments)
    {
        var result = await lab!.RunAsync(TestContext.Current.CancellationToken, arguments);
        result.ExitCode.ShouldBe(expected, result.Errors);
        Written += result.Output + result.Errors;
    }
}
