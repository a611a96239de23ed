using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.RefreshScheduler;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.RefreshScheduler;

public sealed class RefreshWorkerTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(new RefreshSchedulerOptions().RunEverySeconds);
    private readonly StartedHost host = new();
    private readonly ManualTime clock = new();

    [Fact]
    public async Task A_store_that_is_away_for_long_is_told_once_and_its_return_too()
    {
        var store = new AwayStore { IsAway = true };
        using var run = new RefreshRun(store, new NoRefreshes(), clock);
        var options = Options.Create(new RefreshSchedulerOptions());
        using var worker = new RefreshWorker(store, run, new RefreshDemands(store, new NoEvents(), options, clock), new RefreshMetrics(), options, clock, host, host);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await PeriodsAsync(5);
        store.Asked.ShouldBe(6);
        host.Lines.ShouldHaveSingleItem().ShouldContain("MongoDB at there cannot be reached.");

        store.IsAway = false;
        await PeriodsAsync(3);
        host.Lines.Count.ShouldBe(2);
        host.Lines[1].ShouldContain("work again");
        await worker.StopAsync(CancellationToken.None);
    }

    private async Task PeriodsAsync(int count)
    {
        for (var period = 0; period < count; period++)
        {
            await clock.UntilArmedAsync(1, TestContext.Current.CancellationToken);
            clock.Advance(Period);
        }

        await clock.UntilArmedAsync(1, TestContext.Current.CancellationToken);
    }

    /// <summary>A host that has started, with its log.</summary>
    private sealed class StartedHost : ILogger<RefreshWorker>, IHostApplicationLifetime
    {
        public List<string> Lines { get; } = [];

        public CancellationToken ApplicationStarted => new(canceled: true);

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception) + exception);

        public void StopApplication()
        {
        }
    }

    private sealed class NoRefreshes : IRefreshes
    {
        public Task HandOverAsync(string labId, OpenBatch batch, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NoEvents : IEvents
    {
        public Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
            where TEvent : class => Task.CompletedTask;
    }

    /// <summary>A store that has nothing, or cannot be asked.</summary>
    private sealed class AwayStore : IRefreshStore
    {
        public bool IsAway { get; set; }

        public int Asked { get; private set; }

        public Task<IReadOnlyList<string>> ListLabsAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return IsAway ? throw new MeshException(ErrorReason.Unavailable, "MongoDB at there cannot be reached.") : Task.FromResult<IReadOnlyList<string>>([]);
        }

        public Task ScheduleAsync(string labId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<ScheduledVideo>> ListDueAsync(string labId, DateTimeOffset now, SchedulePosition? after, int limit, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<ScheduledVideo>> ListNextAsync(string labId, DateOnly from, DateOnly to, int limit, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<ScheduledVideo>> ListDarkAsync(string labId, DateOnly from, DateOnly to, int limit, CancellationToken cancellationToken) => throw Unexpected();

        public Task<OpenBatch?> OpenAsync(string labId, string refreshId, RefreshBatch batch, CancellationToken cancellationToken) => throw Unexpected();

        public Task MarkHandedOverAsync(string labId, string refreshId, DateTimeOffset at, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<OpenBatch>> ListOpenAsync(string labId, DateTimeOffset since, CancellationToken cancellationToken) => throw Unexpected();

        public Task<OpenBatch?> FindOpenAsync(string labId, string refreshId, CancellationToken cancellationToken) => throw Unexpected();

        public Task CloseAsync(string labId, string refreshId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken) => throw Unexpected();

        public Task<ScheduleCounts> CountAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<KnownVideo>> FindAsync(string labId, IReadOnlyCollection<string> platformIds, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<ScheduledVideo>> ListMissingAsync(string labId, string afterId, int limit, CancellationToken cancellationToken) => throw Unexpected();

        public Task KeepCheckAsync(string labId, CheckResult result, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<CheckResult>> FindChecksAsync(string labId, IReadOnlyCollection<string> refreshIds, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<DueVideos>> CountDueAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken) => throw Unexpected();

        public Task<IReadOnlyList<VideosOfDay>> CountByDueDayAsync(string labId, DateTimeOffset until, CancellationToken cancellationToken) => throw Unexpected();

        private static InvalidOperationException Unexpected() => new("A schedule without labs is not asked that.");
    }
}
