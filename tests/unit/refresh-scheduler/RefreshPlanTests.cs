using FsCheck;
using FsCheck.Fluent;
using IssueObservatory.Mesh.RefreshScheduler;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.RefreshScheduler;

public sealed class RefreshPlanTests
{
    private static readonly DateTimeOffset Uploaded = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9.99)]
    public void A_video_read_young_is_due_at_ten_days_of_age_and_late_at_fifteen(double ageDays)
    {
        var video = RefreshPlan.Read("1", Uploaded, Uploaded.AddDays(ageDays));

        video.DueAt.ShouldBe(Uploaded.AddDays(10));
        video.Deadline.ShouldBe(Uploaded.AddDays(15));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(400)]
    public void A_video_read_settled_is_due_thirteen_days_after_the_read_and_late_after_fifteen(double ageDays)
    {
        var read = Uploaded.AddDays(ageDays);

        var video = RefreshPlan.Read("1", Uploaded, read);

        video.DueAt.ShouldBe(read.AddDays(13));
        video.Deadline.ShouldBe(read.AddDays(15));
        video.MissedAt.ShouldBeNull();
    }

    [Fact]
    public void An_upload_after_the_read_counts_as_uploaded_when_it_was_read()
    {
        var video = RefreshPlan.Read("1", Uploaded.AddYears(300), Uploaded);

        video.DueAt.ShouldBe(Uploaded.AddDays(10));
    }

    [Fact]
    public void A_missing_video_gets_a_second_look_after_a_day_and_then_the_ordinary_rhythm()
    {
        var known = RefreshPlan.Read("1", Uploaded, Uploaded.AddDays(20));
        var first = Uploaded.AddDays(34);

        var missed = RefreshPlan.Missed(known, first);
        missed.MissedAt.ShouldBe(first);
        missed.DueAt.ShouldBe(first.AddHours(24));
        missed.LastReadAt.ShouldBe(known.LastReadAt);

        var tooSoon = RefreshPlan.Missed(missed, first.AddHours(2));
        tooSoon.DueAt.ShouldBe(first.AddHours(24));

        var again = RefreshPlan.Missed(missed, first.AddHours(25));
        again.MissedAt.ShouldBe(first);
        again.DueAt.ShouldBe(first.AddHours(25).AddDays(13));
        again.Deadline.ShouldBe(first.AddHours(25).AddDays(15));
    }

    [Fact]
    public void A_settled_video_that_a_check_found_is_due_thirteen_days_after_the_check_and_its_counts_are_as_old_as_before()
    {
        var known = RefreshPlan.Read("1", Uploaded, Uploaded.AddDays(20));
        var at = Uploaded.AddDays(30);

        var verified = RefreshPlan.Verified(RefreshPlan.Missed(known, at.AddDays(-2)), at);

        verified.ShouldBe(known with { LookedAt = at, VerifiedAt = at, DueAt = at.AddDays(13), Deadline = at.AddDays(15) });
    }

    [Fact]
    public void A_video_whose_counts_were_read_young_is_still_due_on_its_tenth_day_after_a_check()
    {
        var known = RefreshPlan.Read("1", Uploaded, Uploaded.AddDays(3));
        var at = Uploaded.AddDays(9);

        RefreshPlan.Verified(RefreshPlan.Missed(known, at.AddDays(-1)), at).ShouldBe(known with { LookedAt = at, VerifiedAt = at });
    }

    [Fact]
    public void A_comment_is_never_due_whatever_a_check_finds()
    {
        var comment = RefreshPlan.Comment("1", Uploaded);

        foreach (var look in (ScheduledVideo[])[RefreshPlan.Missed(comment, Uploaded.AddDays(2)), RefreshPlan.Missed(RefreshPlan.Missed(comment, Uploaded.AddDays(2)), Uploaded.AddDays(4)), RefreshPlan.Verified(comment, Uploaded.AddDays(2))])
        {
            (look.IsComment, look.DueAt, look.Deadline).ShouldBe((true, RefreshPlan.Never, RefreshPlan.Never));
        }

        RefreshPlan.DueBy(DateTimeOffset.MaxValue).ShouldBeLessThan(RefreshPlan.Never);
    }

    [Fact]
    public void A_refresh_without_an_answer_says_nothing_about_the_video_and_comes_again_after_a_pause()
    {
        var known = RefreshPlan.Read("1", Uploaded, Uploaded.AddDays(20));
        var now = known.DueAt.AddHours(1);

        RefreshPlan.Unanswered(known, now, TimeSpan.FromHours(1)).ShouldBe(known with { DueAt = now.AddHours(1) });

        var dark = RefreshPlan.Dark(known, now, TimeSpan.FromDays(1));
        dark.ShouldBe(known with { DueAt = now.AddDays(1), DarkSince = now });
        RefreshPlan.Dark(dark, now.AddDays(1), TimeSpan.FromDays(1)).ShouldBe(known with { DueAt = now.AddDays(2), DarkSince = now });
        RefreshPlan.Lit(dark, now.AddHours(2)).ShouldBe(known with { DueAt = now.AddHours(2) });
        foreach (var later in (ScheduledVideo[])[RefreshPlan.Missed(dark, now), RefreshPlan.Verified(dark, now), RefreshPlan.Unanswered(dark, now, TimeSpan.Zero)])
        {
            later.DarkSince.ShouldBeNull();
        }
        RefreshPlan.Unanswered(known, known.DueAt.AddDays(-3), TimeSpan.FromHours(1)).ShouldBe(known);
    }

    [Fact]
    public void A_returned_video_is_always_due_in_the_future_before_its_deadline_and_within_fifteen_days() =>
        Prop.ForAll(
            Gen.Choose(-40, 4000).ToArbitrary(),
            Gen.Choose(0, 86_399).ToArbitrary(),
            (ageDays, seconds) =>
            {
                var read = Uploaded.AddDays(ageDays).AddSeconds(seconds);
                var video = RefreshPlan.Read("1", Uploaded, read);
                return video.DueAt > read && video.Deadline > video.DueAt && video.Deadline <= read.AddDays(15);
            }).QuickCheckThrowOnFailure();
}
