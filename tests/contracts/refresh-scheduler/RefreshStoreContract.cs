using FsCheck;
using FsCheck.Fluent;
using IssueObservatory.Mesh.RefreshScheduler;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Contracts.RefreshScheduler;

/// <summary>What every implementation of the schedule must give.</summary>
public abstract class RefreshStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Ids of the largest check that the store is tried with.</summary>
    private protected virtual int LargestCheck => RefreshBatch.LargestCheck;

    private protected abstract IRefreshStore Open();

    [Fact]
    public async Task What_is_scheduled_is_there_after_a_restart()
    {
        var video = Video(1, dueHours: -3) with { MissedAt = Now.AddDays(-2) };
        await Open().ScheduleAsync("lab", [video], None);

        (await Open().ListDueAsync("lab", Now, null, 10, None)).ShouldBe([video]);
    }

    [Fact]
    public async Task The_later_look_wins_in_either_order()
    {
        var store = Open();
        var early = Video(1, dueHours: -3);
        var late = early with { LookedAt = early.LookedAt.AddDays(1), DueAt = Now.AddDays(5), Deadline = Now.AddDays(7) };

        await store.ScheduleAsync("lab", [early, late], None);
        await store.ScheduleAsync("lab", [early], None);

        (await store.ListDueAsync("lab", Now.AddDays(9), null, 10, None)).ShouldBe([late]);
    }

    [Fact]
    public async Task Due_videos_come_by_deadline_then_id_page_by_page()
    {
        var store = Open();
        var videos = Enumerable.Range(0, 25).Select(number => Video(number, dueHours: -1 - (number % 4))).ToList();
        await store.ScheduleAsync("lab", videos, None);
        await store.ScheduleAsync("lab", [Video(99, dueHours: 1)], None);

        List<string> read = [];
        SchedulePosition? after = null;
        while (await store.ListDueAsync("lab", Now, after, 7, None) is { Count: > 0 } page)
        {
            read.AddRange(page.Select(video => video.PlatformId));
            after = new(page[^1].Deadline, page[^1].PlatformId);
        }

        read.ShouldBe(videos.OrderBy(video => video.Deadline).ThenBy(video => video.PlatformId, StringComparer.Ordinal).Select(video => video.PlatformId));
    }

    [Fact]
    public async Task Fillers_are_of_the_days_asked_for_and_the_next_due_first()
    {
        var store = Open();
        var day = DateOnly.FromDateTime(Now.UtcDateTime).AddDays(-30);
        var first = Video(1, dueHours: 9) with { PublishedAt = Now.AddDays(-30).Date.ToUtc() };
        var last = Video(2, dueHours: 5) with { PublishedAt = Now.AddDays(-28).Date.ToUtc().AddMilliseconds(-1) };
        var outside = Video(3, dueHours: 1) with { PublishedAt = Now.AddDays(-28).Date.ToUtc() };
        await store.ScheduleAsync("lab", [first, last, outside], None);

        (await store.ListNextAsync("lab", day, day.AddDays(1), 10, None)).ShouldBe([last, first]);
        (await store.ListNextAsync("lab", day, day.AddDays(1), 1, None)).ShouldBe([last]);
    }

    [Fact]
    public async Task What_waits_for_light_is_found_by_its_upload_and_needs_nothing_until_then()
    {
        var store = Open();
        var uploaded = Video(1, dueHours: -1).UploadDay;
        ScheduledVideo[] dark = [.. Enumerable.Range(1, 3).Select(number => Video(number, dueHours: -1) with { DarkSince = Now.AddDays(-2) })];
        await store.ScheduleAsync("lab", [.. dark, Video(4, dueHours: -1), Video(5, dueHours: -1) with { DarkSince = Now, PublishedAt = Now.AddDays(-42) }], None);
        await store.ScheduleAsync("other", [Video(6, dueHours: -1) with { DarkSince = Now }], None);
        await store.OpenAsync("lab", "batch", new() { Videos = [dark[2]] }, None);

        (await store.ListDarkAsync("lab", uploaded.AddDays(-1), uploaded, 10, None)).ShouldBe(dark[..2], ignoreOrder: true);
        (await store.ListDarkAsync("lab", uploaded, uploaded, 1, None)).Count.ShouldBe(1);
        (await store.ListDarkAsync("lab", uploaded.AddDays(1), uploaded.AddDays(9), 10, None)).ShouldBeEmpty();
        (await store.CountDueAsync("lab", Now, None)).Sum(due => due.Videos).ShouldBe(1);
        (await store.CountByDueDayAsync("lab", Now.AddDays(9), None)).Sum(day => day.Videos).ShouldBe(1);
        (await store.ListDueAsync("lab", Now, null, 10, None)).Count.ShouldBe(4);

        await store.ScheduleAsync("lab", [.. dark.Select(video => video with { DarkSince = null })], None);
        (await store.ListDarkAsync("lab", uploaded, uploaded, 10, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_video_is_in_one_open_batch_only()
    {
        var store = Open();
        var videos = Enumerable.Range(0, 3).Select(number => Video(number, dueHours: -1)).ToList();
        await store.ScheduleAsync("lab", videos, None);

        var one = await store.OpenAsync("lab", "one", new() { Videos = [videos[0], videos[1]] }, None);
        var two = await store.OpenAsync("lab", "two", new() { Videos = [videos[1], videos[2], Video(77, dueHours: -1)] }, None);
        var none = await store.OpenAsync("lab", "none", new() { Videos = [videos[0]] }, None);

        one!.Videos.ShouldBe([videos[0], videos[1]]);
        two!.Videos.ShouldBe([videos[2]]);
        none.ShouldBeNull();
        (await store.ListDueAsync("lab", Now, null, 10, None)).ShouldBeEmpty();
        (await store.FindOpenAsync("lab", "none", None)).ShouldBeNull();
    }

    [Fact]
    public async Task Opening_a_batch_twice_is_one_batch()
    {
        var store = Open();
        var videos = Enumerable.Range(0, 2).Select(number => Video(number, dueHours: -1)).ToList();
        await store.ScheduleAsync("lab", videos, None);

        var first = await store.OpenAsync("lab", "one", new() { Videos = [videos[0]] }, None);
        var second = await store.OpenAsync("lab", "one", new() { Videos = [videos[0]] }, None);

        second!.Videos.ShouldBe(first!.Videos);
        (await store.CountAsync("lab", Now, None)).OpenBatches.ShouldBe(1);
    }

    [Fact]
    public async Task What_two_schedulers_want_at_once_one_gets()
    {
        IRefreshStore[] stores = [Open(), Open()];
        var videos = Enumerable.Range(0, 30).Select(number => Video(number, dueHours: -1)).ToList();
        await stores[0].ScheduleAsync("lab", videos, None);

        // Neighbours overlap, so that each batch is contested.
        var opened = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Task.Run(() =>
            stores[number % 2].OpenAsync("lab", $"batch-{number}", new() { Videos = [.. videos.Skip(2 * number).Take(12)] }, None))));

        opened.OfType<OpenBatch>().SelectMany(batch => batch.Videos).Select(video => video.PlatformId)
            .ShouldBe(videos.Select(video => video.PlatformId), ignoreOrder: true);
        foreach (var batch in opened.OfType<OpenBatch>())
        {
            (await stores[1].FindOpenAsync("lab", batch.RefreshId, None))!.Videos.ShouldBe(batch.Videos);
            await Task.WhenAll(stores.Select(store => store.MarkHandedOverAsync("lab", batch.RefreshId, Now, None)));
        }

        (await stores[0].CountAsync("lab", Now, None)).ShouldBe(new ScheduleCounts(30, 0, 0, 30, opened.OfType<OpenBatch>().Count(), null));
        (await stores[0].ListOpenAsync("lab", Now, None)).ShouldBeEmpty();
        await Task.WhenAll(opened.OfType<OpenBatch>().SelectMany(batch => stores.Select(store => store.CloseAsync("lab", batch.RefreshId, batch.Videos, None))));
        (await stores[1].CountAsync("lab", Now, None)).ShouldBe(new ScheduleCounts(30, 30, 0, 0, 0, Now.AddHours(-1)));
    }

    [Fact]
    public async Task Open_batches_wait_in_order_until_they_are_handed_over()
    {
        var store = Open();
        var videos = Enumerable.Range(0, 3).Select(number => Video(number, dueHours: -1)).ToList();
        await store.ScheduleAsync("lab", videos, None);
        foreach (var (video, id) in videos.Zip(["c", "a", "b"]))
        {
            await store.OpenAsync("lab", id, new() { Videos = [video] }, None);
        }

        await store.MarkHandedOverAsync("lab", "a", Now, None);
        await store.MarkHandedOverAsync("lab", "unknown", Now, None);

        (await Open().ListOpenAsync("lab", Now, None)).Select(batch => batch.RefreshId).ShouldBe(["c", "b"]);
        (await store.ListOpenAsync("lab", Now.AddSeconds(1), None)).Select(batch => batch.RefreshId).ShouldBe(["c", "a", "b"]);
    }

    [Fact]
    public async Task Closing_schedules_the_videos_once()
    {
        var store = Open();
        var video = Video(1, dueHours: -1);
        await store.ScheduleAsync("lab", [video], None);
        await store.OpenAsync("lab", "one", new() { Videos = [video] }, None);
        var later = video with { LookedAt = Now, LastReadAt = Now, DueAt = Now.AddDays(13), Deadline = Now.AddDays(15) };

        await store.CloseAsync("lab", "one", [later], None);
        await store.CloseAsync("lab", "one", [later with { LookedAt = Now.AddDays(1), DueAt = Now.AddDays(99) }], None);

        (await store.CountAsync("lab", Now, None)).ShouldBe(new ScheduleCounts(1, 0, 0, 0, 0, Now.AddDays(13)));
    }

    [Fact]
    public async Task A_read_during_a_refresh_leaves_the_video_in_its_batch()
    {
        var store = Open();
        var video = Video(1, dueHours: -1);
        await store.ScheduleAsync("lab", [video], None);
        await store.OpenAsync("lab", "one", new() { Videos = [video] }, None);

        await store.ScheduleAsync("lab", [video with { LookedAt = Now }], None);

        (await store.FindOpenAsync("lab", "one", None))!.Videos.Single().LookedAt.ShouldBe(Now);
        (await store.CountAsync("lab", Now, None)).InFlight.ShouldBe(1);
    }

    [Fact]
    public async Task A_check_is_a_batch_of_its_kind_and_says_of_each_item_where_it_is()
    {
        var store = Open();
        var (video, comment) = (Video(1, dueHours: -1), RefreshPlan.Comment("7000009", Now.AddDays(-3)));
        await store.ScheduleAsync("lab", [video, comment, Video(2, dueHours: -1)], None);

        await store.OpenAsync("lab", "videos", new() { Checks = CheckedItems.Videos, Videos = [video] }, None);
        await store.OpenAsync("lab", "comments", new() { Checks = CheckedItems.Comments, Videos = [comment] }, None);

        (await Open().ListOpenAsync("lab", Now, None)).Select(batch => (batch.RefreshId, batch.Checks, batch.Videos.Single())).ShouldBe(
            [("videos", CheckedItems.Videos, video), ("comments", CheckedItems.Comments, comment)]);
        (await store.FindOpenAsync("lab", "comments", None))!.Checks.ShouldBe(CheckedItems.Comments);
        (await store.FindAsync("lab", [video.PlatformId, "7000002", "7000009", "unknown"], None)).ShouldBe(
            [new(video, "videos"), new(Video(2, dueHours: -1), ""), new(comment, "comments")], ignoreOrder: true);
        (await store.FindAsync("lab", [], None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_check_holds_as_much_as_it_may()
    {
        var store = Open();
        var videos = Enumerable.Range(0, LargestCheck).Select(number => Video(number, dueHours: -1)).ToList();
        await store.ScheduleAsync("lab", videos, None);

        var open = (await store.OpenAsync("lab", "many", new() { Checks = CheckedItems.Videos, Videos = videos }, None))!;
        open.Videos.Count.ShouldBe(videos.Count);
        await store.MarkHandedOverAsync("lab", "many", Now, None);
        await store.KeepCheckAsync("lab", new() { RefreshId = "many", Checks = CheckedItems.Videos, Items = videos.Count, Answered = true, Missing = [.. videos.Select(video => video.PlatformId)] }, None);
        await store.CloseAsync("lab", "many", [.. open.Videos.Select(video => RefreshPlan.Missed(video, Now))], None);

        (await store.CountAsync("lab", Now, None)).ShouldBe(new ScheduleCounts(videos.Count, 0, 0, 0, 0, Now.AddHours(24)) { Missing = videos.Count });
        (await store.FindChecksAsync("lab", ["many"], None)).Single().Missing.Count.ShouldBe(videos.Count);
    }

    [Fact]
    public async Task Comments_are_never_due_and_counted_apart()
    {
        var store = Open();
        await store.ScheduleAsync("lab", [RefreshPlan.Comment("1", Now), RefreshPlan.Comment("2", Now)], None);
        (await store.CountAsync("lab", DateTimeOffset.MaxValue, None)).ShouldBe(new ScheduleCounts(0, 0, 0, 0, 0, null) { Comments = 2 });
        (await store.ListDueAsync("lab", DateTimeOffset.MaxValue, null, 10, None)).ShouldBeEmpty();

        await store.ScheduleAsync("lab", [Video(1, dueHours: 5)], None);

        (await store.CountAsync("lab", Now, None)).ShouldBe(new ScheduleCounts(1, 0, 0, 0, 0, Now.AddHours(5)) { Comments = 2 });
        (await store.ListDueAsync("lab", DateTimeOffset.MaxValue, null, 10, None)).Single().ShouldBe(Video(1, dueHours: 5));
    }

    [Fact]
    public async Task What_is_missing_comes_by_id_page_by_page_until_it_is_seen_again()
    {
        var store = Open();
        var videos = Enumerable.Range(0, 5).Select(number => Video(number, dueHours: 1)).ToList();
        await store.ScheduleAsync("lab", [.. videos.Select((video, number) => number == 2 ? video : RefreshPlan.Missed(video, Now)), RefreshPlan.Missed(RefreshPlan.Comment("9", Now.AddDays(-1)), Now)], None);
        await store.ScheduleAsync("other", [RefreshPlan.Missed(videos[2], Now)], None);

        var first = await store.ListMissingAsync("lab", "", 3, None);
        var rest = await store.ListMissingAsync("lab", first[^1].PlatformId, 3, None);
        first.Concat(rest).Select(video => video.PlatformId).ShouldBe(["7000000", "7000001", "7000003", "7000004", "9"]);
        (await store.CountAsync("lab", Now, None)).Missing.ShouldBe(5);

        var seen = RefreshPlan.Verified(RefreshPlan.Missed(videos[0], Now), Now.AddHours(1));
        await store.ScheduleAsync("lab", [seen], None);

        (await Open().ListMissingAsync("lab", "", 1, None)).Single().PlatformId.ShouldBe("7000001");
        (await store.CountAsync("lab", Now, None)).Missing.ShouldBe(4);
        (await store.FindAsync("lab", ["7000000"], None)).ShouldBe([new(seen, "")]);
    }

    [Fact]
    public async Task What_came_of_a_check_is_kept_once()
    {
        var store = Open();
        var answered = new CheckResult { RefreshId = "one", Checks = CheckedItems.Comments, Items = 3, Answered = true, Alive = 1, Missing = ["1", "2"] };
        var failed = new CheckResult { RefreshId = "two", Checks = CheckedItems.Videos, Items = 9, Answered = false, Failure = "task_failed" };

        await store.KeepCheckAsync("lab", answered, None);
        await store.KeepCheckAsync("lab", failed, None);
        await store.KeepCheckAsync("lab", failed with { RefreshId = "one" }, None);

        var kept = (await Open().FindChecksAsync("lab", ["one", "two", "three"], None)).OrderBy(check => check.RefreshId, StringComparer.Ordinal).ToList();
        kept.Select(check => check with { Missing = [] }).ShouldBe([answered with { Missing = [] }, failed with { Missing = [] }]);
        kept[0].Missing.ShouldBe(["1", "2"]);
        (await store.FindChecksAsync("other", ["one"], None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Labs_see_nothing_of_each_other()
    {
        var store = Open();
        var video = Video(1, dueHours: -1);
        await store.ScheduleAsync("one", [video], None);
        await store.ScheduleAsync("two", [video], None);
        await store.OpenAsync("one", "batch", new() { Videos = [video] }, None);

        (await store.ListLabsAsync(None)).ShouldBe(["one", "two"]);
        (await store.FindOpenAsync("two", "batch", None)).ShouldBeNull();
        (await store.ListDueAsync("two", Now, null, 10, None)).ShouldBe([video]);
        (await store.CountAsync("three", Now, None)).ShouldBe(new ScheduleCounts(0, 0, 0, 0, 0, null));
    }

    [Fact]
    public async Task What_is_due_is_counted_by_window_and_hour_of_the_deadline()
    {
        var store = Open();
        var window = RefreshBatches.WindowOf(DateOnly.FromDateTime(Now.AddDays(-40).UtcDateTime));
        var lastOfWindow = new DateTimeOffset(window.To.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero);
        var first = Video(1, dueHours: -3);
        var sameHour = Video(2, dueHours: -3) with { Deadline = first.Deadline.AddMinutes(59), PublishedAt = lastOfWindow };
        var nextHour = Video(3, dueHours: -2);
        var nextWindow = Video(4, dueHours: -3) with { PublishedAt = lastOfWindow.AddTicks(1) };
        await store.ScheduleAsync("lab", [first, sameHour, nextHour, nextWindow, Video(5, dueHours: 1), Video(6, dueHours: -3)], None);
        await store.OpenAsync("lab", "batch", new() { Videos = [Video(6, dueHours: -3)] }, None);
        await store.ScheduleAsync("other", [Video(7, dueHours: -3)], None);

        (await store.CountDueAsync("lab", Now, None)).ShouldBe(
            [new(window.From, first.Deadline, 2), new(window.From, nextHour.Deadline, 1), new(window.To.AddDays(1), first.Deadline, 1)], ignoreOrder: true);
        (await store.CountDueAsync("nobody", Now, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_becomes_due_is_counted_by_its_day()
    {
        var store = Open();
        await store.ScheduleAsync("lab", [Video(1, -13), Video(2, -3), Video(3, 11), Video(4, 12), Video(5, 40), RefreshPlan.Comment("7000099", Now), Video(6, -3)], None);
        await store.OpenAsync("lab", "batch", new() { Videos = [Video(6, -3)] }, None);

        (await store.CountByDueDayAsync("lab", Now.AddDays(1), None)).ShouldBe(
            [new(new(2026, 3, 31), 1), new(new(2026, 4, 1), 2), new(new(2026, 4, 2), 1)], ignoreOrder: true);
        (await store.CountByDueDayAsync("lab", DateTimeOffset.MaxValue, None)).Sum(day => day.Videos).ShouldBe(5, "what is never due is in no forecast");
    }

    [Fact]
    public void Whatever_is_opened_and_closed_no_video_is_in_two_batches_or_lost() =>
        Prop.ForAll(
            Gen.Zip(Gen.Choose(0, 2), Gen.Choose(0, 9).ListOf()).ListOf().ToArbitrary(),
            steps =>
            {
                var lab = Guid.NewGuid().ToString("N");
                var store = Open();
                var videos = Enumerable.Range(0, 10).Select(number => Video(number, dueHours: -1)).ToList();
                store.ScheduleAsync(lab, videos, None).GetAwaiter().GetResult();
                Dictionary<string, List<string>> open = [];
                foreach (var (kind, picks) in steps)
                {
                    if (kind < 2 && picks.Count > 0)
                    {
                        var id = Guid.NewGuid().ToString("N");
                        var batch = store.OpenAsync(lab, id, new() { Videos = [.. picks.Distinct().Select(pick => videos[pick])] }, None).GetAwaiter().GetResult();
                        if (batch is not null)
                        {
                            open.Add(id, [.. batch.Videos.Select(video => video.PlatformId)]);
                        }
                    }
                    else if (open.Count > 0)
                    {
                        var id = open.Keys.First();
                        store.CloseAsync(lab, id, [], None).GetAwaiter().GetResult();
                        open.Remove(id);
                    }

                    var free = store.ListDueAsync(lab, Now, null, 100, None).GetAwaiter().GetResult().Select(video => video.PlatformId);
                    open.Values.SelectMany(ids => ids).Concat(free).Order(StringComparer.Ordinal).ShouldBe(videos.Select(video => video.PlatformId).Order(StringComparer.Ordinal));
                }
            }).QuickCheckThrowOnFailure();

    private static ScheduledVideo Video(int id, int dueHours) => new()
    {
        PlatformId = (7_000_000 + id).ToString(System.Globalization.CultureInfo.InvariantCulture),
        PublishedAt = Now.AddDays(-40),
        LastReadAt = Now.AddDays(-14),
        LookedAt = Now.AddDays(-14),
        DueAt = Now.AddHours(dueHours),
        Deadline = Now.AddHours(dueHours).AddDays(2),
    };
}

file static class Days
{
    public static DateTimeOffset ToUtc(this DateTime day) => new(DateTime.SpecifyKind(day, DateTimeKind.Utc));
}
