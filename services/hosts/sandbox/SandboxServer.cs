using IssueObservatory.Mesh.Sandbox.Api;
using IssueObservatory.Mesh.Sandbox.Http;
using IssueObservatory.Mesh.Sandbox.Management;
using IssueObservatory.Mesh.Sandbox.Rehearsals;

namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A running sandbox: the API on 127.0.0.1, with everything behind it open to the test that started it.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly LoopbackListener listener;
    private readonly LoopbackListener? management;
    private readonly ResearchApi api;
    private readonly RehearsalRoom rehearsals;

    private SandboxServer(LoopbackListener listener, LoopbackListener? management, ResearchApi api, RehearsalRoom rehearsals, SandboxWorld world, SandboxLog log, SandboxScript script, SandboxClock clock)
    {
        (this.listener, this.management, this.api, this.rehearsals) = (listener, management, api, rehearsals);
        (World, Log, Script, Clock) = (world, log, script, clock);
    }

    /// <summary>Where the API listens, for <c>RESEARCH_API_BASE_URL</c>.</summary>
    public Uri Address => listener.Address;

    /// <summary>Where the management surface listens; null: it is off.</summary>
    public Uri? ManagementAddress => management?.Address;

    /// <summary>The truth.</summary>
    public SandboxWorld World { get; }

    /// <summary>Every request so far.</summary>
    public SandboxLog Log { get; }

    /// <summary>Replies for requests to come.</summary>
    public SandboxScript Script { get; }

    /// <summary>The clock, to be moved.</summary>
    public SandboxClock Clock { get; }

    /// <summary>What goes wrong; setting it takes effect with the next request and starts its counters anew.</summary>
    /// <exception cref="ArgumentException">The faults contradict themselves.</exception>
    public SandboxFaults Faults
    {
        get => api.Faults;
        set => api.Faults = value;
    }

    /// <summary>What each client key used today, by the sandbox's clock.</summary>
    public IReadOnlyList<SandboxUsage> Usage => api.Usage();

    /// <summary>Starts listening.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.FirstError() is { } error)
        {
            throw new ArgumentException(error, nameof(options));
        }

        var clock = new SandboxClock(options.Time ?? TimeProvider.System, options.ClockOffset);
        var world = new SandboxWorld(options, clock);
        var log = new SandboxLog();
        var script = new SandboxScript();
        var research = new ResearchApi(options, clock, world, log, script);
        var room = new RehearsalRoom(research, script, log);
        var front = await LoopbackListener.StartAsync(options.Port, new ApiHandler(research, clock).HandleAsync, cancellationToken);
        if (options.ManagementPort is not { } port)
        {
            return new(front, null, research, room, world, log, script, clock);
        }

        try
        {
            var handler = new ManagementHandler(research, room, world, log, script, clock, options.Manners);
            var back = await LoopbackListener.StartAsync(port, handler.HandleAsync, cancellationToken);
            return new(front, back, research, room, world, log, script, clock);
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the client did so far.</summary>
    public SandboxReport Report => SandboxReport.Of(Log.All);

    /// <summary>Begins a scenario; <see cref="Verdict"/> tells how the client does.</summary>
    public void Begin(SandboxScenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        rehearsals.Begin(scenario);
    }

    /// <summary>How the client does in a scenario so far; null: it was not begun.</summary>
    public SandboxVerdict? Verdict(SandboxScenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return rehearsals.Judge(scenario);
    }

    /// <summary>Every access token handed out so far is invalid from now on.</summary>
    public void RevokeTokens() => api.RevokeTokens();

    /// <summary>Stops listening; open connections are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        if (management is not null)
        {
            await management.DisposeAsync();
        }
    }
}
