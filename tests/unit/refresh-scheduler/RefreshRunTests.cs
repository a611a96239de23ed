using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.RefreshScheduler;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.RefreshScheduler;

public sealed class RefreshRunTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-refresh-").FullName;
    private readonly ManualTime clock = new();
    private readonly Collector collector = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Only_due_videos_start_a_batch_and_the_rest_of_their_window_fills_it()
    {
        using var store = Open();
        await Normalized(store, Seen("1", ageDays: 40, readDaysAgo: 14), Seen("2", ageDays: 41, readDaysAgo: 1), Seen("3", ageDays: 300, readDaysAgo: 1));
        using var run = new RefreshRun(store, collector, clock);

        (await run.RunAsync("lab", all: false, int.MaxValue, None)).ShouldBe(new RefreshOutcome(1, 2, 0));

        collector.Taken.Single().Videos.Select(video => video.PlatformId).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task All_hands_over_every_video_once_and_max_units_leaves_the_rest()
    {
        using var store = Open();
        await Normalized(store, [.. Enumerable.Range(0, 250).Select(number => Seen($"{1000 + number}", ageDays: 20, readDaysAgo: 1))]);
        using var run = new RefreshRun(store, collector, clock);

        (await run.RunAsync("lab", all: true, 2, None)).ShouldBe(new RefreshOutcome(2, 200, 50));
        (await run.RunAsync("lab", all: true, int.MaxValue, None)).ShouldBe(new RefreshOutcome(1, 50, 0));

        collector.Taken.SelectMany(batch => batch.Videos).Select(video => video.PlatformId).Distinct(StringComparer.Ordinal).Count().ShouldBe(250);
    }

    [Fact]
    public async Task A_batch_that_nobody_took_is_handed_over_under_the_same_id_after_a_restart()
    {
        using (var store = Open())
        {
            await Normalized(store, Seen("1", ageDays: 40, readDaysAgo: 14));
            collector.Refuses = true;
            using var run = new RefreshRun(store, collector, clock);
            await Should.ThrowAsync<MeshException>(() => run.RunAsync("lab", all: false, int.MaxValue, None));
        }

        collector.Refuses = false;
        var first = collector.Asked.Single().RefreshId;
        using var reopened = Open();
        using var later = new RefreshRun(reopened, collector, clock);
        (await later.RunAsync("lab", all: false, int.MaxValue, None)).ShouldBe(new RefreshOutcome(1, 1, 0));

        collector.Taken.Single().RefreshId.ShouldBe(first);
    }

    [Fact]
    public async Task The_worker_repeats_an_unanswered_batch_only_after_a_while_and_opens_no_more_than_it_may()
    {
        using var store = Open();
        await Normalized(store, [.. Enumerable.Range(0, 350).Select(number => Seen($"{1000 + number}", ageDays: 40, readDaysAgo: 14))]);
        using var run = new RefreshRun(store, collector, clock);

        (await run.GoOnAsync("lab", 2, TimeSpan.FromMinutes(10), None)).Batches.ShouldBe(2);
        (await run.GoOnAsync("lab", 2, TimeSpan.FromMinutes(10), None)).Batches.ShouldBe(0);
        collector.Asked.Count.ShouldBe(2);

        clock.Advance(TimeSpan.FromMinutes(11));
        await run.GoOnAsync("lab", 2, TimeSpan.FromMinutes(10), None);
        collector.Asked.Count.ShouldBe(4);
        collector.Asked.Select(batch => batch.RefreshId).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_gives_each_video_its_next_date_once_however_often_it_comes()
    {
        using var store = Open();
        await Normalized(store, Seen("1", ageDays: 40, readDaysAgo: 14), Seen("2", ageDays: 40, readDaysAgo: 14));
        using var run = new RefreshRun(store, collector, clock);
        await run.RunAsync("lab", all: false, int.MaxValue, None);
        var readAt = clock.GetUtcNow();
        var answer = new RefreshAnswered { LabId = "lab", RefreshId = collector.Taken.Single().RefreshId, Answered = true, ReadAt = readAt, Returned = ["1"], Missing = ["2"] };

        await Answered(store, answer);
        await Answered(store, answer);

        var counts = await store.CountAsync("lab", readAt, None);
        counts.ShouldBe(new ScheduleCounts(Scheduled: 2, Due: 0, Overdue: 0, InFlight: 0, OpenBatches: 0, NextDueAt: readAt.AddHours(24)) { Missing = 1 });
        var due = await store.ListDueAsync("lab", readAt.AddDays(13), null, 10, None);
        due.Select(video => (video.PlatformId, video.DueAt, video.MissedAt)).ShouldBe([("2", readAt.AddHours(24), readAt), ("1", readAt.AddDays(13), null)]);
    }

    [Fact]
    public async Task A_refresh_that_failed_frees_its_videos_after_a_pause()
    {
        using var store = Open();
        await Normalized(store, Seen("1", ageDays: 40, readDaysAgo: 14));
        using var run = new RefreshRun(store, collector, clock);
        await run.RunAsync("lab", all: false, int.MaxValue, None);

        await Answered(store, new() { LabId = "lab", RefreshId = collector.Taken.Single().RefreshId, Answered = false, ReadAt = clock.GetUtcNow(), Returned = [], Missing = [] });

        (await run.RunAsync("lab", all: false, int.MaxValue, None)).Batches.ShouldBe(0);
        clock.Advance(TimeSpan.FromHours(1));
        (await run.RunAsync("lab", all: false, int.MaxValue, None)).Batches.ShouldBe(1);
    }

    [Fact]
    public async Task Videos_of_dark_days_wait_for_light_and_are_due_when_it_comes()
    {
        using var store = Open();
        await Normalized(store, Seen("1", ageDays: 40, readDaysAgo: 14), Seen("2", ageDays: 50, readDaysAgo: 14), Seen("3", ageDays: 40, readDaysAgo: 1));
        using var run = new RefreshRun(store, collector, clock);
        await RunInTheDarkAsync();

        clock.Advance(TimeSpan.FromHours(2));
        (await run.RunAsync("lab", all: false, int.MaxValue, None)).Batches.ShouldBe(0);
        (await store.CountByDueDayAsync("lab", clock.GetUtcNow().AddDays(2), None)).ShouldBeEmpty("what cannot be asked for is not to be kept free for");
        await TellAsync("id", ageDays: 40, isDark: true);
        await TellAsync("hashtag", ageDays: 40, isDark: false);
        await TellAsync("id", ageDays: 30, isDark: false);
        (await run.RunAsync("lab", all: false, int.MaxValue, None)).Batches.ShouldBe(0);

        await TellAsync("id", ageDays: 41, isDark: false);
        await TellAsync("id", ageDays: 41, isDark: false);
        (await store.ListDueAsync("lab", clock.GetUtcNow(), null, 10, None)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(video => video.PlatformId.ShouldBe("1"), video => video.DarkSince.ShouldBeNull());

        await RunInTheDarkAsync();
        clock.Advance(TimeSpan.FromHours(4));
        (await run.RunAsync("lab", all: false, int.MaxValue, None)).Videos.ShouldBeGreaterThanOrEqualTo(2, "whoever hears nothing looks again after a while");

        async Task RunInTheDarkAsync()
        {
            collector.Taken.Clear();
            await run.RunAsync("lab", all: false, int.MaxValue, None);
            foreach (var batch in collector.Taken)
            {
                string[] ids = [.. batch.Videos.Select(video => video.PlatformId)];
                await Answered(store, new() { LabId = "lab", RefreshId = batch.RefreshId, Answered = false, ReadAt = clock.GetUtcNow(), Returned = [], Missing = [], Dark = [.. ids.Intersect(["1", "2"])] });
            }
        }

        Task TellAsync(string clauseClass, int ageDays, bool isDark)
        {
            var day = DateOnly.FromDateTime(clock.GetUtcNow().AddDays(-ageDays).UtcDateTime);
            return new BlackoutChangedHandler(store, clock).HandleAsync(new() { Class = clauseClass, From = day, To = day, IsDark = isDark, At = clock.GetUtcNow() }, None);
        }
    }

    [Fact]
    public async Task A_page_that_comes_late_does_not_undo_a_later_look()
    {
        using var store = Open();
        var late = Seen("1", ageDays: 40, readDaysAgo: 14);
        await Normalized(store, Seen("1", ageDays: 40, readDaysAgo: 2));

        await Normalized(store, late);

        (await store.CountAsync("lab", clock.GetUtcNow(), None)).NextDueAt.ShouldBe(clock.GetUtcNow().AddDays(11));
    }


    private static Task Normalized(IRefreshStore store, params NormalizedVideo[] videos) =>
        new PageNormalizedHandler(store).HandleAsync(
            new() { LabId = "lab", PageId = "page", Received = videos.Length, New = videos.Length, Updated = 0, Unattributed = 0, Quarantined = 0, Videos = videos },
            None);

    private async Task Answered(IRefreshStore store, RefreshAnswered answer)
    {
        using var run = new RefreshRun(store, collector, clock);
        await new RefreshAnsweredHandler(store, new CheckRun(store, new NothingKept(), run, clock), Options.Create(new RefreshSchedulerOptions()), clock).HandleAsync(answer, None);
    }

    private SqliteRefreshStore Open() => SqliteRefreshStore.Open(Path.Combine(folder, "refresh-scheduler.db"));

    private NormalizedVideo Seen(string id, int ageDays, int readDaysAgo) =>
        new() { PlatformId = id, PublishedAt = clock.GetUtcNow().AddDays(-ageDays), ReadAt = clock.GetUtcNow().AddDays(-readDaysAgo) };

    private sealed class Collector : IRefreshes
    {
        public List<OpenBatch> Asked { get; } = [];

        public List<OpenBatch> Taken { get; } = [];

        public bool Refuses { get; set; }

        public Task HandOverAsync(string labId, OpenBatch batch, CancellationToken cancellationToken)
        {
            Asked.Add(batch);
            if (Refuses)
            {
                throw new MeshException(ErrorReason.Unavailable, "Not now.");
            }

            Taken.Add(batch);
            return Task.CompletedTask;
        }
    }

    private sealed class NothingKept : IKeptItems
    {
        public IAsyncEnumerable<KeptItem> ListAsync(string labId, string collectionId, CancellationToken cancellationToken) => AsyncEnumerable.Empty<KeptItem>();
    }
}
