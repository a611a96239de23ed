using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>The weekly check of the local match, from the plan of a merged search to what is told of it.</summary>
public abstract partial class CollectionTests
{
    /// <summary>Every second of the server's videos names #a, the others #b: 300 in all, three pages.</summary>
    private const int Pages = 3;

    private ICollectorStore? current;

    [Fact]
    public async Task A_check_of_the_local_match_costs_exactly_one_unit_a_week_and_covers_nothing()
    {
        Name();
        var start = time.GetUtcNow();
        (await CollectAsync("DK")).Sent.ShouldBe(Pages + 1);
        (await CollectAsync("SE")).Sent.ShouldBe(Pages, "the same week");
        time.SetUtcNow(start.AddDays(6));
        (await CollectAsync("NO")).Sent.ShouldBe(Pages, "still the same week");
        time.SetUtcNow(start.AddDays(8));
        var (last, status) = await CollectWithAsync("FI");

        last.Sent.ShouldBe(Pages + 1);
        tiktok.Alone.Count.ShouldBe(2);
        quota.Charged.ShouldBe((4 * Pages) + 2);
        status.Days.Complete.ShouldBe(3);
        status.MatchChecks.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            found => found.Videos.ShouldBeInRange(30, 80),
            found => (found.Missed, found.Invented).ShouldBe((0, 0)));
    }

    [Fact]
    public async Task A_local_match_that_is_wrong_is_told_in_the_log_and_in_the_status()
    {
        Name();

        // Two of every ten videos are found for the other hashtag only.
        tiktok.Finds = (id, tag) => (TagOf(id) == tag) == (NumberOf(id) % 10 > 1);
        LogLines<RequestSender> log = new();

        var (collection, status) = await CollectWithAsync("DK", log);

        collection.State.ShouldBe(CollectionState.Complete);
        status.Days.Complete.ShouldBe(3);
        var found = status.MatchChecks.ShouldHaveSingleItem();
        (found.Class, found.Missed > 0, found.Invented > 0, found.Missed + found.Invented < found.Videos).ShouldBe((ClauseClass.Hashtag, true, true, true));
        var line = log.Warnings.ShouldHaveSingleItem();
        line.ShouldContain($"of {found.Videos} videos compared, {found.Missed} are found for their term by TikTok alone and {found.Invented} by us alone");
        line.ShouldNotContain("#");
    }

    [Theory]
    [InlineData("a failure")]
    [InlineData("garbage")]
    [InlineData("no quota")]
    public async Task A_check_that_comes_to_nothing_changes_nothing_and_is_not_made_again_that_week(string trouble)
    {
        Name();
        if (trouble == "no quota")
        {
            quota.Refuse = _ => quota.Charged >= Pages ? new() { Reason = RefusalReason.DaySpent, RetryAt = time.GetUtcNow().AddHours(9).ToTimestamp() } : null;
        }
        else
        {
            tiktok.OnAlone.Enqueue(trouble == "garbage" ? ScriptedTikTok.HtmlAsync : ScriptedTikTok.Error(500, "internal_error"));
        }

        var start = time.GetUtcNow();
        var (collection, status) = await CollectWithAsync("DK");

        collection.State.ShouldBe(CollectionState.Complete);
        (status.Days.Complete, status.Gaps.Count, status.MatchChecks.Count).ShouldBe((3, 0, 0));
        collection.Sent.ShouldBe(trouble == "no quota" ? Pages : Pages + 1);
        (time.GetUtcNow() - start).ShouldBeLessThan(TimeSpan.FromMinutes(15), "nobody waits for a check until tomorrow");
        quota.Refuse = _ => null;
        (await CollectAsync("SE")).Sent.ShouldBe(Pages);
    }

    [Fact]
    public async Task While_TikTok_does_not_answer_no_collection_waits_for_its_check()
    {
        Name();
        quota.Refuse = _ => quota.Charged >= Pages ? new() { Reason = RefusalReason.Paced, RetryAt = time.GetUtcNow().AddMinutes(1).ToTimestamp() } : null;
        await using var collector = Start();
        current = collector.Store;
        var id = await RunningCollector.SubmitAsync(collector.Commands, Both("DK"));
        (await collector.RunUntilAsync(async store => (await store.ReadMergingAsync("default", ClauseClass.Hashtag, None)).CheckedAt is not null)).ShouldBeTrue();
        (await collector.Store.FindAsync("default", id, None))!.State.ShouldBe(CollectionState.Running);
        var start = time.GetUtcNow();

        await collector.Store.ChangeOutageAsync(known => known with { OpenedAt = start, NextTryAt = start.AddHours(9) }, None);

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        (await collector.Store.FindAsync("default", id, None))!.State.ShouldBe(CollectionState.Complete);
        (time.GetUtcNow() - start).ShouldBeLessThan(TimeSpan.FromMinutes(5));
        (tiktok.Alone.Count, tiktok.Controls.Count).ShouldBe((0, 0));
    }

    /// <summary>Videos name hashtags from now on, and the normalizer counts them.</summary>
    private void Name()
    {
        tiktok.Names = id => [TagOf(id)];
        normalizer.Match = MatchAsync;
    }

    /// <summary>The server's videos are 14 minutes apart.</summary>
    private static long NumberOf(string id) => (long.Parse(id, CultureInfo.InvariantCulture) >> 32) / (14 * 60);

    private static string TagOf(string id) => NumberOf(id) % 2 == 0 ? "a" : "b";

    private static CollectionSpec Both(string region) => new() { Terms = { "#a", "#b" }, Regions = { region }, Days = Spec.Days };

    private async Task<CollectionRecord> CollectAsync(string region) => (await CollectWithAsync(region)).Collection;

    /// <summary>Collects both hashtags in a region, which is a question of its own, from the beginning to the end.</summary>
    private async Task<(CollectionRecord Collection, CollectionStatus Status)> CollectWithAsync(string region, LogLines<RequestSender>? log = null)
    {
        await using var collector = new RunningCollector(OpenStore("collector"), tiktok, time, quota, tokens, normalizer, log: log);
        current = collector.Store;
        var id = await RunningCollector.SubmitAsync(collector.Commands, Both(region));
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        return ((await collector.Store.FindAsync("default", id, None))!, await new CollectionReports(collector.Store, quota, new(new()), time).StatusAsync("default", id, None));
    }

    /// <summary>As the normalizer counts: in a merged search the local match decides, otherwise the server.</summary>
    private async Task<IReadOnlyList<MatchedVideos>?> MatchAsync(PageStored stored)
    {
        var found = (await current!.FindPageAsync(stored.LabId, stored.PageId, None))!;
        var questions = found.Search.Questions;
        return
        [
            .. from item in PageReader.Read(found.Page.Body, found.Page.Status).Items
               let video = ItemReader.TryRead<VideoItem>(item.Bytes, out var read, out _) ? read : null
               from clause in questions
               where questions.Count == 1 || LocalMatch.Holds(video!, clause)
               group item by (clause.ClauseId, Day: DateOnly.FromDateTime(item.CreateTime!.Value.UtcDateTime)) into same
               select new MatchedVideos { ClauseId = same.Key.ClauseId, Day = same.Key.Day, Videos = same.Count() },
        ];
    }
}
