using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Health.V1;
using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Integration.Hosts;

/// <summary>One process of a service, from its own program, on two ports that it keeps; it may die and come back.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Services = ["token-broker", "quota-governor", "collector", "normalizer", "refresh-scheduler"];

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly int callersPort = FreePort.Next();
    private readonly int internalPort = FreePort.Next();
    private readonly GrpcChannel channel;
    private RunningProgram? program;
    private string earlierLog = "";

    public ServiceProcess(string service, int index, string folder)
    {
        Service = service;
        Name = string.Create(CultureInfo.InvariantCulture, $"{service}-{index}");
        Data = Path.Combine(folder, Name);
        channel = GrpcChannel.ForAddress(Internal);
        Environment["Mesh__Instance"] = Name;
        Environment["Mesh__DataFolder"] = Data;
        Environment["Mesh__CallersPort"] = callersPort.ToString(CultureInfo.InvariantCulture);
        Environment["Mesh__InternalPort"] = internalPort.ToString(CultureInfo.InvariantCulture);
    }

    public string Service { get; }

    /// <summary>The service and the number of this process of it, e.g. <c>collector-0</c>.</summary>
    public string Name { get; }

    /// <summary>Its data folder.</summary>
    public string Data { get; }

    /// <summary>What it is told at its next start.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public Uri Callers => new($"http://127.0.0.1:{callersPort}");

    public Uri Internal => new($"http://127.0.0.1:{internalPort}");

    public int Id => Running.Id;

    public bool IsRunning => program is { HasExited: false };

    /// <summary>Everything that it wrote, over all its lives.</summary>
    public string Log => earlierLog + program?.Errors + program?.Output;

    private RunningProgram Running => program ?? throw new InvalidOperationException($"{Name} was never started.");

    /// <summary>The built program of a service.</summary>
    public static string ProgramOf(string service) => Path.Combine(
        AppContext.BaseDirectory,
        $"IssueObservatory.Mesh.{string.Concat(service.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}.dll");

    /// <summary>Starts it, or starts it again after its end.</summary>
    public void Start()
    {
        // Not by a shell: those lose variables with a dash in the name, such as Services__token-broker.
        earlierLog = Log;
        program = RunningProgram.Start("dotnet", Environment, [ProgramOf(Service)]);
        program.Input.Close();
    }

    /// <summary>What it says is missing; empty when it is ready, null when it does not answer.</summary>
    public async Task<string?> MissingAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var call = new Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = Service }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5), cancellationToken: cancellationToken);
            var answer = await call;
            return answer.Status is HealthCheckResponse.Types.ServingStatus.Serving ? "" : call.GetTrailers().GetValue("mesh-missing") ?? "something that it does not name";
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Waits until it is ready; answers how long that took.</summary>
    /// <exception cref="TimeoutException">It was not in time, or ended; the message holds what it wrote.</exception>
    public async Task<TimeSpan> ReadyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        string? missing;
        while ((missing = await MissingAsync(cancellationToken)) is not "")
        {
            if (!IsRunning || TimeProvider.System.GetElapsedTime(begun) > limit)
            {
                throw new TimeoutException($"{Name} is not ready ({(IsRunning ? missing ?? "no answer" : $"it ended with {await ExitAsync(Look)}")}). It wrote:\n{Log}");
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }

        return TimeProvider.System.GetElapsedTime(begun);
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => Running.KillAsync();

    /// <summary>SIGTERM; answers the exit code.</summary>
    public Task<int> StopAsync() => Running.StopAsync();

    /// <summary>Waits for an end that it makes itself; answers the exit code.</summary>
    public Task<int> ExitAsync(TimeSpan limit) => Running.ExitAsync(limit);

    /// <summary>SIGSTOP: it stands still and keeps its connections.</summary>
    public Task PauseAsync() => Running.SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync() => Running.SignalAsync("CONT");

    /// <summary>Starts it again, whether it still runs or not.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await Running.DisposeAsync();
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        if (program is not null)
        {
            await program.DisposeAsync();
        }
    }
}
