using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Sandbox;

/// <summary>A world of a million videos is made when looked at and never held.</summary>
public sealed class SandboxSizeTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_million_videos_need_less_memory_than_a_tenth_of_them()
    {
        var world = new SandboxWorld(new() { VideosPerDay = 25_000 }, new(TimeProvider.System, TimeSpan.Zero));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (videos, first, most) = (0L, new DateOnly(2026, 1, 1), 0L);
        for (var day = 0; videos < 1_000_000; day++)
        {
            videos += world.VideosOf(first.AddDays(day)).Count;
            most = day % 10 == 9 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before) : most;
        }

        most.ShouldBeLessThan(220L << 20, $"{most >> 20} MiB are held for {videos} videos");
        most.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Every_video_is_found_by_its_id_also_when_its_day_was_forgotten()
    {
        var world = new SandboxWorld(new() { VideosPerDay = 2000 }, new(TimeProvider.System, TimeSpan.Zero));
        var day = new DateOnly(2026, 2, 3);
        var ids = world.VideosOf(day).Select(video => video.Id).ToList();
        for (var other = 1; other < 70; other++)
        {
            world.VideosOf(day.AddDays(-other));
        }

        ids.ShouldAllBe(id => world.FindVideo(id)!.Id == id);
        world.FindVideo(ids[0] ^ 1).ShouldBeNull();
        world.FindVideo(-5).ShouldBeNull();
        world.FindVideo(long.MaxValue).ShouldBeNull();
    }

    [Fact]
    public void Comments_follow_from_the_seed_alone()
    {
        var one = World(1);
        var video = one.VideosOf(new(2026, 2, 3)).First(video => video is { CommentsDisabled: false, Counts.Comments: > 30 } && !video.IsGone(Now));
        World(1).CommentsOf(video.Id).ShouldBe(one.CommentsOf(video.Id));
        var comment = one.CommentsOf(video.Id).First(comment => one.RepliesTo(comment.Id).Count > 0);
        World(1).RepliesTo(comment.Id).ShouldBe(one.RepliesTo(comment.Id));
        one.RepliesTo(comment.Id).ShouldAllBe(reply => reply.CreateTime > comment.CreateTime);
        World(2).RepliesTo(comment.Id + 1).ShouldBeEmpty();
    }

    private static SandboxWorld World(int seed) => new(new() { Seed = seed }, new(new Standing(), TimeSpan.Zero));

    private sealed class Standing : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
