using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.RefreshScheduler;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.RefreshScheduler;

public sealed class CheckRunTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-check-").FullName;
    private readonly ManualTime clock = new();
    private readonly TakingCollector collector = new();
    private readonly KeptItems kept = new();
    private readonly SqliteRefreshStore store;
    private readonly RefreshRun refreshes;
    private readonly CheckRun run;

    public CheckRunTests()
    {
        store = SqliteRefreshStore.Open(Path.Combine(folder, "refresh-scheduler.db"));
        refreshes = new(store, collector, clock);
        run = new(store, kept, refreshes, clock);
    }

    public void Dispose()
    {
        refreshes.Dispose();
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Videos_and_comments_go_in_batches_of_their_own_and_a_dry_run_counts_the_same_and_does_nothing()
    {
        Keep(CheckedItems.Videos, 1, 12_000);
        Keep(CheckedItems.Comments, 50_000, 3);

        var counted = await run.RunAsync("lab", "", all: false, dryRun: true, None);
        collector.Taken.ShouldBeEmpty();
        var done = await run.RunAsync("lab", "", all: false, dryRun: false, None);

        foreach (var outcome in (CheckRunOutcome[])[counted, done])
        {
            (outcome.Videos, outcome.Comments, outcome.Batches, outcome.LeftOut).ShouldBe((12_000, 3, 3, 0));
        }

        var open = await store.ListOpenAsync("lab", RefreshPlan.Never, None);
        open.Select(batch => (batch.Checks, batch.Videos.Count)).ShouldBe([(CheckedItems.Videos, 10_000), (CheckedItems.Videos, 2_000), (CheckedItems.Comments, 3)]);
        done.CheckIds.ShouldBe(open.Select(batch => batch.RefreshId));
    }

    [Fact]
    public async Task The_first_check_goes_alone_and_the_others_follow_its_answer()
    {
        Keep(CheckedItems.Videos, 1, 10_001);
        Keep(CheckedItems.Comments, 50_000, 3);
        var begun = await run.RunAsync("lab", "", all: false, dryRun: false, None);
        await refreshes.RunAsync("lab", all: false, int.MaxValue, None);
        collector.Taken.Select(batch => batch.RefreshId).Distinct(StringComparer.Ordinal).ShouldBe([begun.CheckIds[0]]);

        await AnswerAsync(collector.Taken[0], answered: false, clock.GetUtcNow(), missing: [], "task_failed");

        collector.Taken.Select(batch => batch.RefreshId).Distinct(StringComparer.Ordinal).ShouldBe(begun.CheckIds);
    }

    [Fact]
    public async Task A_credential_that_may_not_check_costs_one_request_however_many_batches_wait()
    {
        Keep(CheckedItems.Videos, 1, 10_001);
        Keep(CheckedItems.Comments, 50_000, 3);
        var begun = await run.RunAsync("lab", "", all: false, dryRun: false, None);

        // However often that is told.
        await AnswerAsync(collector.Taken[0], answered: false, clock.GetUtcNow(), missing: [], "scope_not_authorized");
        await AnswerAsync(collector.Taken[0], answered: false, clock.GetUtcNow(), missing: [], "scope_not_authorized");

        collector.Taken.Count.ShouldBe(1);
        (await store.ListOpenAsync("lab", RefreshPlan.Never, None)).ShouldBeEmpty();
        (await store.FindChecksAsync("lab", [.. begun.CheckIds], None)).Select(check => (check.Items, check.Answered, check.Failure)).ShouldBe(
            [(10_000, false, "scope_not_authorized"), (1, false, "scope_not_authorized"), (3, false, "scope_not_authorized")], ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_looked_at_within_a_day_is_left_out_unless_all_is_wanted()
    {
        Keep(CheckedItems.Videos, 1, 2);
        kept.Items.Add(Item(CheckedItems.Videos, 7, hoursAgo: 23));

        (await run.RunAsync("lab", "", all: false, dryRun: true, None)).ShouldSatisfyAllConditions(
            some => some.Videos.ShouldBe(2),
            some => some.LeftOut.ShouldBe(1));
        (await run.RunAsync("lab", "", all: true, dryRun: true, None)).Videos.ShouldBe(3);
    }

    [Fact]
    public async Task The_same_run_again_goes_on_with_its_open_checks_and_takes_nothing_twice()
    {
        Keep(CheckedItems.Videos, 1, 5);
        var first = await run.RunAsync("lab", "", all: false, dryRun: false, None);
        kept.Items.Add(Item(CheckedItems.Videos, 99, hoursAgo: 50));

        var second = await run.RunAsync("lab", "", all: false, dryRun: false, None);

        (second.Videos, second.Batches, second.LeftOut).ShouldBe((6, 2, 0));
        second.CheckIds[0].ShouldBe(first.CheckIds.Single());
        collector.Taken.Select(batch => batch.RefreshId).ShouldBe([first.CheckIds[0], first.CheckIds[0]]);
        (await store.FindOpenAsync("lab", second.CheckIds[1], None))!.Videos.Select(video => video.PlatformId).ShouldBe(["99"]);
    }

    [Fact]
    public async Task What_is_shown_is_verified_and_not_read_and_what_is_not_is_missing_once()
    {
        Keep(CheckedItems.Videos, 1, 2);
        Keep(CheckedItems.Comments, 3, 2);
        await run.RunAsync("lab", "", all: false, dryRun: false, None);
        var before = (await store.FindAsync("lab", ["1"], None)).Single().Video;
        var at = clock.GetUtcNow();

        foreach (var batch in await store.ListOpenAsync("lab", RefreshPlan.Never, None))
        {
            await AnswerAsync(batch, answered: true, at, missing: [batch.Videos[1].PlatformId]);
        }

        var known = (await store.FindAsync("lab", ["1", "2", "3", "4"], None)).ToDictionary(each => each.Video.PlatformId, each => each.Video, StringComparer.Ordinal);
        (known["1"].LastReadAt, known["1"].VerifiedAt, known["1"].LookedAt, known["1"].MissedAt).ShouldBe((before.LastReadAt, at, at, null));
        known["1"].DueAt.ShouldBe(at + RefreshPlan.EarliestAfter);
        (known["2"].MissedAt, known["2"].DueAt).ShouldBe((at, at.AddHours(24)));
        (known["4"].MissedAt, known["4"].IsComment, known["3"].VerifiedAt).ShouldBe((at, true, at));
        (await store.ListMissingAsync("lab", "", 10, None)).Select(video => video.PlatformId).ShouldBe(["2", "4"]);
        var counts = await store.CountAsync("lab", at, None);
        (counts.Scheduled, counts.Comments, counts.Missing, counts.InFlight, counts.OpenBatches).ShouldBe((2, 2, 2, 0, 0));
        counts.NextDueAt.ShouldBe(at.AddHours(24));
        (await store.FindChecksAsync("lab", [.. collector.Taken.Select(batch => batch.RefreshId)], None))
            .Select(check => (check.Answered, check.Alive, check.Missing.Single(), check.Failure)).ShouldBe([(true, 1, "2", ""), (true, 1, "4", "")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_check_that_came_to_nothing_concludes_nothing_and_says_why()
    {
        Keep(CheckedItems.Videos, 1, 2);
        await run.RunAsync("lab", "", all: false, dryRun: false, None);
        var before = (await store.FindAsync("lab", ["1", "2"], None)).Select(each => each.Video).ToList();

        await AnswerAsync(collector.Taken.Single(), answered: false, clock.GetUtcNow(), missing: [], "task_failed");

        (await store.FindAsync("lab", ["1", "2"], None)).ShouldBe(before.Select(video => new KnownVideo(video, "")), ignoreOrder: true);
        (await store.FindChecksAsync("lab", [collector.Taken[0].RefreshId], None)).Single().ShouldSatisfyAllConditions(
            check => check.Answered.ShouldBeFalse(),
            check => check.Failure.ShouldBe("task_failed"),
            check => check.Missing.ShouldBeEmpty());
        (await store.ListMissingAsync("lab", "", 10, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Comments_are_never_due_and_never_fill_a_refresh()
    {
        Keep(CheckedItems.Comments, 1, 5);
        await run.RunAsync("lab", "", all: false, dryRun: false, None);
        await AnswerAsync(collector.Taken.Single(), answered: true, clock.GetUtcNow(), missing: ["2"]);
        clock.Advance(TimeSpan.FromDays(400));

        (await refreshes.RunAsync("lab", all: true, int.MaxValue, None)).ShouldBe(RefreshOutcome.Nothing);
        (await store.CountAsync("lab", clock.GetUtcNow(), None)).NextDueAt.ShouldBeNull();
    }

    private void Keep(CheckedItems kind, int first, int count) => kept.Items.AddRange(Enumerable.Range(first, count).Select(id => Item(kind, id, hoursAgo: 24 * 5)));

    private KeptItem Item(CheckedItems kind, int id, int hoursAgo) => new()
    {
        PlatformId = id.ToString(CultureInfo.InvariantCulture),
        Kind = kind,
        PublishedAt = clock.GetUtcNow().AddDays(-40).ToTimestamp(),
        ReadAt = clock.GetUtcNow().AddHours(-hoursAgo).ToTimestamp(),
    };

    private Task AnswerAsync(OpenBatch batch, bool answered, DateTimeOffset at, IReadOnlyList<string> missing, string failure = "") =>
        new RefreshAnsweredHandler(store, run, Options.Create(new RefreshSchedulerOptions()), clock).HandleAsync(
            new()
            {
                LabId = "lab",
                RefreshId = batch.RefreshId,
                Answered = answered,
                ReadAt = at,
                Returned = answered ? [.. batch.Videos.Select(video => video.PlatformId).Except(missing, StringComparer.Ordinal)] : [],
                Missing = missing,
                Failure = failure,
            },
            None);

    private sealed class KeptItems : IKeptItems
    {
        public List<KeptItem> Items { get; } = [];

        public IAsyncEnumerable<KeptItem> ListAsync(string labId, string collectionId, CancellationToken cancellationToken) => Items.ToAsyncEnumerable();
    }

    private sealed class TakingCollector : IRefreshes
    {
        public List<OpenBatch> Taken { get; } = [];

        public Task HandOverAsync(string labId, OpenBatch batch, CancellationToken cancellationToken)
        {
            Taken.Add(batch);
            return Task.CompletedTask;
        }
    }
}
