using FsCheck;
using FsCheck.Fluent;
using IssueObservatory.Mesh.RefreshScheduler;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.RefreshScheduler;

public sealed class RefreshBatchesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_most_urgent_batch_comes_first()
    {
        var batches = RefreshBatches.Pack([Video(1, uploadDay: 0, deadlineDay: 9), Video(2, uploadDay: 100, deadlineDay: 3), Video(3, uploadDay: 1, deadlineDay: 8)]);

        batches[0].Videos.Select(video => video.PlatformId).ShouldBe(["2"]);
        batches[1].Videos.Select(video => video.PlatformId).ShouldBe(["3", "1"]);
    }

    [Fact]
    public void A_batch_is_filled_with_what_is_due_next_in_its_window_only()
    {
        var batch = RefreshBatches.Pack([Video(1, 0, 5)]).Single();
        var next = Enumerable.Range(0, 300).Select(number => Video(number, number % 90, 20)).ToList();

        var filled = RefreshBatches.Fill(batch, next);

        filled.Videos.Count.ShouldBeLessThanOrEqualTo(100);
        filled.Videos.Count.ShouldBeGreaterThan(50);
        filled.Videos.Select(video => video.PlatformId).ShouldBeUnique(StringComparer.Ordinal);
        (filled.To.DayNumber - filled.From.DayNumber).ShouldBeLessThanOrEqualTo(30);
    }

    [Fact]
    public void Every_due_video_is_in_exactly_one_batch_and_every_batch_is_one_valid_request() =>
        Prop.ForAll(
            Gen.Zip(Gen.Choose(0, 400), Gen.Choose(0, 40)).ListOf().ToArbitrary(),
            pairs =>
            {
                var due = pairs.Select((pair, index) => Video(index, pair.Item1, pair.Item2)).ToList();
                var batches = RefreshBatches.Pack(due);
                batches.SelectMany(batch => batch.Videos).Select(video => video.PlatformId).Order(StringComparer.Ordinal)
                    .ShouldBe(due.Select(video => video.PlatformId).Order(StringComparer.Ordinal));
                foreach (var batch in batches)
                {
                    batch.Videos.Count.ShouldBeInRange(1, 100);
                    (batch.To.DayNumber - batch.From.DayNumber).ShouldBeInRange(0, 30);
                    batch.Videos.ShouldAllBe(video => video.UploadDay >= batch.From && video.UploadDay <= batch.To);
                }

                batches.Select(batch => batch.Deadline).ShouldBeInOrder(SortDirection.Ascending);
                batches.GroupBy(batch => RefreshBatches.WindowOf(batch.From)).ShouldAllBe(window => window.Count(batch => batch.Videos.Count < 100) <= 1);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_dense_window_is_packed_without_waste()
    {
        var due = Enumerable.Range(0, 1_000).Select(number => Video(number, 5, number % 7)).ToList();

        RefreshBatches.Pack(due).Count.ShouldBe(10);
    }

    internal static ScheduledVideo Video(int id, int uploadDay, int deadlineDay) => new()
    {
        PlatformId = id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        PublishedAt = Start.AddDays(uploadDay).AddMinutes(id % 1440),
        LastReadAt = Start.AddDays(uploadDay + 1),
        LookedAt = Start.AddDays(uploadDay + 1),
        DueAt = Start.AddDays(deadlineDay - 2),
        Deadline = Start.AddDays(deadlineDay),
    };
}
