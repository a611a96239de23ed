using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>The collector as one process runs it, on a store, with a clock that moves only while it waits.</summary>
internal sealed class RunningCollector : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualTime time;
    private readonly Death death;
    private readonly ICollectorStore stored;
    private readonly ResearchApiClient api;
    private readonly Lifetime lifetime = new();
    private readonly IReadOnlyList<MeshWorker> workers;
    private bool started;

    public RunningCollector(ICollectorStore stored, ScriptedTikTok tiktok, ManualTime time, QuotaBook quota, TokenBook tokens, ReadyNormalizer normalizer, Death? death = null, string name = "one", CollectorOptions? options = null, ILogger<RequestSender>? log = null)
    {
        (this.time, this.death, this.stored) = (time, death ?? new(int.MaxValue, after: false), stored);
        var settings = options ?? new CollectorOptions();
        api = new(new() { BaseUrl = tiktok.Url, FirstByteTimeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        Store = this.death.Around(stored);
        var books = this.death.Around<IQuota>(quota);
        var credentials = this.death.Around<ICredentials>(tokens);
        var events = this.death.Around<IEvents>(normalizer);
        var awake = new AwakeWork(settings);
        var wakeups = new Wakeups();
        var states = new CollectionStates(Store, normalizer, awake, wakeups, time);
        normalizer.Handler = new(Store, states, time);
        var metrics = new CollectorMetrics();
        var refreshes = new RefreshAnswers(Store, events);
        Commands = new(Store, books, credentials, normalizer, states, awake, wakeups, settings, time);
        Sweep = new(Store, states, refreshes, events, settings, lifetime, time, NullLogger<Sweep>.Instance);
        var instance = new CollectorInstance(Store, new(name), wakeups, settings, lifetime, time, NullLogger<CollectorInstance>.Instance);
        var inHand = new SearchesInHand();
        var outages = new OutageWatch(Store, states, settings, NullLogger<OutageWatch>.Instance);
        var sender = new RequestSender(Store, books, credentials, this.death.Around<IResearchApi>(api), events, new(events), new(Store), new(Store, settings), outages, instance, settings, metrics, lifetime, time, log ?? NullLogger<RequestSender>.Instance);
        workers =
        [
            instance,
            new LostRequests(Store, books, instance, inHand, wakeups, settings, lifetime, time, NullLogger<LostRequests>.Instance),
            new SearchRunner(Store, sender, new(Store, states, refreshes, new(events), metrics, settings, time), outages, states, refreshes, instance, inHand, awake, wakeups, new CallerTurns(Store, books), metrics, settings, lifetime, time, NullLogger<SearchRunner>.Instance),
        ];
    }

    /// <summary>Timers that are armed when nothing is on its way: the heartbeat's, the look for lost requests, the walker's.</summary>
    public const int Timers = 3;

    public ICollectorStore Store { get; }

    public CollectionCommands Commands { get; }

    public Sweep Sweep { get; }

    /// <summary>Runs until the condition holds (true) or the process died (false). Time passes only while everybody waits for it.</summary>
    public async Task<bool> RunUntilAsync(Func<ICollectorStore, Task<bool>> condition)
    {
        await StartAsync();
        while (!await condition(stored))
        {
            if (await Task.WhenAny(time.UntilArmedAsync(Timers, None), death.Died) == death.Died)
            {
                return false;
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        return true;
    }

    public async Task StartAsync()
    {
        if (!started)
        {
            started = true;
            foreach (var worker in workers)
            {
                await worker.StartAsync(None);
            }
        }
    }

    public Task<bool> RunToTheEndAsync(string collectionId, string labId = "default") =>
        RunUntilAsync(async store => (await store.FindAsync(labId, collectionId, None))!.HasEnded);

    public static async Task<string> SubmitAsync(CollectionCommands commands, CollectionSpec spec, string labId = "default") =>
        (await commands.SubmitAsync(labId, "", "", spec, None)).Collection.CollectionId;

    /// <summary>A process that died says nothing to its runner any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!death.Died.IsCompleted)
        {
            foreach (var worker in workers)
            {
                await worker.StopAsync(None);
            }
        }

        api.Dispose();
        (stored as IDisposable)?.Dispose();
    }
}
