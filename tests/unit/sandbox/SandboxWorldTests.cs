using System.Globalization;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Sandbox.World;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Sandbox;

public sealed class SandboxWorldTests
{
    private static readonly DateOnly Day = new(2026, 3, 10);
    private static readonly DateTimeOffset Later = new(2026, 6, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly SandboxQuery Everything = SandboxQuery.Parse("""{"and":[{"operation":"GTE","field_name":"create_date","field_values":["20000101"]}]}""");

    [Fact]
    public void The_same_seed_gives_the_same_videos_whatever_was_looked_at_before()
    {
        var one = World(new());
        var two = World(new());
        two.VideosOf(Day.AddDays(-40));
        two.VideosOf(Day.AddDays(3));
        Text(two.VideosOf(Day)).ShouldBe(Text(one.VideosOf(Day)));
        two.Creators.ShouldBe(one.Creators);
    }

    [Fact]
    public void Another_seed_gives_other_videos()
    {
        var one = World(new()).VideosOf(Day).Select(video => video.Id);
        World(new() { Seed = 7 }).VideosOf(Day).Select(video => video.Id).Intersect(one).ShouldBeEmpty();
    }

    [Fact]
    public void Days_hold_about_as_many_videos_as_asked_for_and_none_before_2018()
    {
        var world = World(new() { VideosPerDay = 300 });
        var days = Enumerable.Range(0, 28).Select(offset => world.VideosOf(Day.AddDays(offset)).Count).ToList();
        days.Average().ShouldBeInRange(270, 340);
        days.Distinct().Count().ShouldBeGreaterThan(10);
        world.VideosOf(new(2017, 12, 31)).ShouldBeEmpty();
        world.VideosOf(new(2020, 1, 1)).Count.ShouldBeInRange(50, 180);
        World(new() { EmptyWorld = true }).VideosOf(Day).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2026, 20, 77)]
    [InlineData(2022, 0, 2)]
    public void Ids_carry_the_second_of_the_upload_shortly_before_the_post(int year, int least, int most)
    {
        var videos = World(new()).VideosOf(new(year, 3, 10));
        foreach (var video in videos)
        {
            (video.CreateTime.ToUnixTimeSeconds() - (video.Id >> 32)).ShouldBeInRange(least, most);
            video.Day.ShouldBe(new(year, 3, 10));
        }

        videos.Select(video => video.Id).ShouldBe(videos.Select(video => video.Id).OrderDescending());
        videos.Select(video => video.Id).Distinct().Count().ShouldBe(videos.Count);
    }

    [Fact]
    public void Rates_are_those_of_the_recordings()
    {
        var videos = Enumerable.Range(0, 60).SelectMany(offset => World(new()).VideosOf(Day.AddDays(-offset))).ToList();
        Share(video => video.VoiceToText is not null).ShouldBeInRange(0.25, 0.31);
        Share(video => video.PlaylistId is not null).ShouldBeInRange(0.02, 0.04);
        Share(video => video.EffectIds is not null).ShouldBeInRange(0.10, 0.18);
        Share(video => video.LikeCountMissing).ShouldBeInRange(0.001, 0.012);
        Share(video => video.RegionCode == "DK").ShouldBeInRange(0.6, 0.95);
        Share(video => video.Username.EndsWith('\0')).ShouldBeInRange(0.0001, 0.02);
        Share(video => video.Description.EndsWith(' ')).ShouldBeInRange(0.6, 0.9);
        Share(video => !video.IsGone(Later.AddDays(300))).ShouldBeInRange(0.72, 0.78);
        foreach (var region in (string[])["SE", "NO", "DE", "GL", "FO"])
        {
            Share(video => video.RegionCode == region).ShouldBeGreaterThan(0, region);
        }

        foreach (var tag in (string[])["dkpol", "danmark", "dansk", "danskpolitik", "dktiktok", "fyp", "klima", "valg"])
        {
            Share(video => video.HashtagNames.Contains(tag, StringComparer.OrdinalIgnoreCase)).ShouldBeInRange(0.01, 0.4, tag);
        }

        foreach (var word in (string[])["folketinget", "valg", "klima"])
        {
            Share(video => video.Description.Contains(word, StringComparison.OrdinalIgnoreCase)).ShouldBeInRange(0.01, 0.4, word);
        }

        var views = videos.Select(video => video.Counts.Views).Order().ToList();
        views[views.Count / 2].ShouldBeInRange(400, 1000);
        views[(int)(views.Count * 0.99)].ShouldBeGreaterThan(20_000);

        double Share(Func<SandboxVideo, bool> condition) => videos.Count(condition) / (double)videos.Count;
    }

    [Fact]
    public void Hashtags_stand_in_the_caption_in_another_order()
    {
        var videos = World(new()).VideosOf(Day).Where(video => video.HashtagNames.Count > 2).ToList();
        videos.ShouldAllBe(video => video.HashtagNames.All(tag => video.Description.Contains("#" + tag, StringComparison.Ordinal)));
        videos.Count(video => video.HashtagNames.Select(tag => video.Description.IndexOf("#" + tag, StringComparison.Ordinal)).Pairwise().Any(pair => pair.Left > pair.Right)).ShouldBeGreaterThan(videos.Count / 2);
    }

    [Fact]
    public void Captions_hold_only_whole_characters()
    {
        foreach (var video in World(new()).VideosOf(Day))
        {
            new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(video.Description).ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    [Fact]
    public void Videos_disappear_with_time()
    {
        var world = World(new() { VideosPerDay = 2000 });
        var soon = world.Find(Everything, Day, Day, At(Day, 3)).Count;
        var late = world.Find(Everything, Day, Day, At(Day, 130)).Count;
        late.ShouldBeLessThan(soon);
        world.Index(Everything, Day, Day, At(Day, 130)).Count.ShouldBe(world.VideosOf(Day).Count);
        world.Find(Everything, Day, Day, At(Day, 500)).Count.ShouldBe(late);
    }

    [Fact]
    public void Everything_survives_when_told_so()
    {
        var world = World(new() { Survival = 1 });
        world.Find(Everything, Day, Day, At(Day, 500)).Count.ShouldBe(world.VideosOf(Day).Count);
    }

    [Fact]
    public void A_placed_video_is_found_and_replaces_the_one_with_its_id()
    {
        var world = World(new());
        var other = world.VideosOf(Day)[0];
        world.Add(other with { Description = "mine", GoneAt = null });
        world.VideosOf(Day).Count(video => video.Id == other.Id).ShouldBe(1);
        world.VideosOf(Day).ShouldContain(video => video.Description == "mine");
        world.Add(other with { Description = "mine again", GoneAt = null });
        world.VideosOf(Day).Single(video => video.Id == other.Id).Description.ShouldBe("mine again");
    }

    [Fact]
    public void Creators_are_found_whatever_the_case_and_without_nul()
    {
        var world = World(new());
        var creator = world.Creators.Single(creator => creator.Username.EndsWith('\0'));
        world.FindCreator(creator.Username.TrimEnd('\0').ToUpperInvariant())!.Username.ShouldBe(creator.Username);
        world.FindCreator("nobody").ShouldBeNull();
        world.Creators.Count.ShouldBe(240);
        world.Creators.Count(one => one.Refused).ShouldBeInRange(1, 15);
    }

    [Fact]
    public void Days_that_were_forgotten_come_again_just_the_same()
    {
        var world = World(new() { VideosPerDay = 20 });
        var start = new DateOnly(2025, 1, 1);
        var once = world.Find(Everything, start, start.AddDays(364), Later).Count;
        once.ShouldBeInRange(4_500, 6_500);
        for (var day = 0; day < 1300; day++)
        {
            world.VideosOf(start.AddDays(-day));
        }

        world.Find(Everything, start, start.AddDays(364), Later).Count.ShouldBe(once);
    }

    private static SandboxWorld World(SandboxOptions options) => new(options, new(TimeProvider.System, TimeSpan.Zero));

    private static DateTimeOffset At(DateOnly day, int later) => new(day.AddDays(later).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static IEnumerable<string> Text(IEnumerable<SandboxVideo> videos) => videos.Select(video => string.Create(
        CultureInfo.InvariantCulture,
        $"{video.Id} {video.CreateTime:O} {video.Username} {video.RegionCode} {video.Description} {string.Join(',', video.HashtagNames)} {video.MusicId} {video.VoiceToText} {video.Counts} {video.GoneAt:O} {video.IndexedAt:O}"));
}

internal static class Pairs
{
    public static IEnumerable<(T Left, T Right)> Pairwise<T>(this IEnumerable<T> items) => items.Zip(items.Skip(1));
}
