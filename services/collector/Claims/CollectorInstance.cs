using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// This process as one of those that collect: takes its name in the store and says again and again that it lives. Each heartbeat is a durable write,
/// so it also shows whether the store would take a page now; without one nothing may be sent. <see cref="CollectorReadiness"/> tells people.
/// </summary>
internal sealed partial class CollectorInstance(
    ICollectorStore store,
    InstanceName name,
    Wakeups wakeups,
    CollectorOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<CollectorInstance> logger) : MeshWorker(lifetime)
{
    private const string NotYet = "The collector has not spoken with its store yet.";

    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile State state = new(Holder: null, LastBeat: 0, NotYet);

    /// <summary>Completes with the first heartbeat, whether the store took it or not.</summary>
    public Task Begun => begun.Task;

    /// <summary>Who this process is in the store; null before it is known there, and once another process has its name.</summary>
    public Holder? Holder => state.Holder;

    /// <summary>Why no request may be sent now, in a sentence for people; null when one may.</summary>
    public string? WhyNot =>
        state.WhyNot ?? (time.GetElapsedTime(state.LastBeat) < options.HeartbeatGoodFor ? null : "The collector's store does not answer.");

    /// <summary>One heartbeat, with the registration before the first.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (state.IsSuperseded)
        {
            return;
        }

        try
        {
            var asked = time.GetTimestamp();
            var holder = state.Holder ?? await store.RegisterAsync(name.Value, cancellationToken);
            Become(await store.BeatAsync(holder, cancellationToken)
                ? new(holder, asked, WhyNot: null)
                : new(Holder: null, asked, $"Another collector has taken the name {name.Value}; give each a Mesh:Instance of its own.") { IsSuperseded = true });
        }
        catch (MeshException away)
        {
            Become(state with { WhyNot = away.Message });
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await BeatAsync(stoppingToken);
            }
            catch (Exception defect) when (!stoppingToken.IsCancellationRequested)
            {
                Become(state with { WhyNot = "The collector's heartbeat failed by a defect." });
                Log.Defect(logger, defect);
            }

            await Task.Delay(options.Heartbeat, time, stoppingToken);
        }
    }

    private void Become(State next)
    {
        var before = state;
        state = next;
        if (next.WhyNot is null && before.WhyNot is not null)
        {
            wakeups.Wake();
        }

        begun.TrySetResult();
    }

    private sealed record State(Holder? Holder, long LastBeat, string? WhyNot)
    {
        public bool IsSuperseded { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A heartbeat failed by a defect; the next one tries again.")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
