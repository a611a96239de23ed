using IssueObservatory.Mesh.Collector;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class HeartbeatWatchTests
{
    private readonly HeartbeatWatch watch = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void A_heartbeat_that_stands_still_for_as_long_as_it_is_good_is_the_end()
    {
        for (var at = 100; at < 110; at += 2)
        {
            Look(beats: 5, at);
            watch.IsGone(new("one", 1)).ShouldBeFalse();
        }

        Look(beats: 5, at: 110);
        watch.IsGone(new("one", 1)).ShouldBeTrue();
    }

    [Fact]
    public void A_store_that_was_away_for_everybody_is_nobodys_end()
    {
        Look(beats: 5, at: 100);
        Look(beats: 5, at: 102);
        Look(beats: 5, at: 3600);
        watch.IsGone(new("one", 1)).ShouldBeFalse();
        Look(beats: 5, at: 3602);
        watch.IsGone(new("one", 1)).ShouldBeFalse();
        Look(beats: 6, at: 3604);
        watch.IsGone(new("one", 1)).ShouldBeFalse();
    }

    [Fact]
    public void Who_is_still_silent_after_the_store_came_back_is_gone()
    {
        Look(beats: 5, at: 100);
        for (var at = 3600; at <= 3606; at += 2)
        {
            Look(beats: 5, at);
        }

        watch.IsGone(new("one", 1)).ShouldBeTrue();
    }

    [Fact]
    public void A_heartbeat_that_moves_is_life_however_rarely_somebody_looks()
    {
        Look(beats: 5, at: 0);
        Look(beats: 6, at: 3600);
        watch.IsGone(new("one", 1)).ShouldBeFalse();
    }

    [Fact]
    public void A_judge_that_slept_before_the_answer_came_has_seen_nothing_of_that_time()
    {
        Look(beats: 5, at: 0);
        Look(beats: 5, at: 2);
        watch.IsGone(new("one", 1)).ShouldBeFalse();
    }

    [Fact]
    public void Who_stood_still_and_moves_again_lives()
    {
        Look(beats: 5, at: 0);
        Look(beats: 5, at: 20);
        Look(beats: 6, at: 22);
        watch.IsGone(new("one", 1)).ShouldBeFalse();
    }

    [Fact]
    public void Whose_name_another_has_is_gone_at_once_and_the_other_is_not()
    {
        watch.Look([new(new("one", 2), 0)], TimeSpan.Zero);
        watch.IsGone(new("one", 1)).ShouldBeTrue();
        watch.IsGone(new("one", 2)).ShouldBeFalse();
        watch.IsGone(new("one", 3)).ShouldBeFalse();
    }

    [Fact]
    public void Nobody_and_who_never_had_a_name_are_gone()
    {
        watch.IsGone(null).ShouldBeTrue();
        watch.IsGone(new("one", 1)).ShouldBeTrue();
    }

    private void Look(long beats, int at) => watch.Look([new(new("one", 1), beats)], TimeSpan.FromSeconds(at));
}
