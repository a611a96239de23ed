using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Searches that lose most of their later pages without a word (contract §5.9), against the sandbox that imitates the recordings.</summary>
public sealed class SparseSearchTests
{
    /// <summary>So rude that a day may be met by sparse searches only, some searches in a row: then there is doubt, and nothing is lost elsewhere.</summary>
    private const double Absurd = 0.5;

    [Theory]
    [InlineData(0.08, 120)]
    [InlineData(0.25, 120)]
    [InlineData(Absurd, 60)]
    public async Task Random_worlds_are_read_to_the_last_video_although_searches_are_sparse(double share, int worlds)
    {
        for (var seed = 0; seed < worlds; seed++)
        {
            var random = new Random(seed);
            var days = random.Next(1, 32);
            var videos = random.Next(3) == 0 ? random.Next(95, 130) : random.Next(1, 1200);
            await using var sandbox = await StartAsync(seed, new()
            {
                SparseSearches = share,
                EmptyPages = random.Next(2) * 0.06,
                ShortPages = random.Next(2) * 0.08,
                BareEmptyResults = true,
            });
            Fill(sandbox, random, days, videos, isBusy: random.Next(3) == 0);
            var search = Walks.Search(to: Days.Text(new DateOnly(2026, 1, 1).AddDays(days - 1)));
            using var walk = new SparseWalk(sandbox);

            await walk.RunAsync(search, mostRequests: 20 + (videos / 20));

            walk.Missing.ShouldBeEmpty($"seed {seed}");
            walk.Covered.Count.ShouldBe(days, $"seed {seed}");
            walk.Lost(search).Where(video => share < Absurd || !walk.Doubtful.Contains(video.Day)).ShouldBeEmpty($"seed {seed}: {videos} videos on {days} days: {walk}");
        }
    }

    [Fact]
    public async Task When_every_search_is_sparse_the_days_are_walked_one_search_after_the_other()
    {
        await using var sandbox = await StartAsync(seed: 1, new() { SparseSearches = 1 });
        Fill(sandbox, new(1), days: 31, videos: 1500);
        using var walk = new SparseWalk(sandbox);

        await walk.RunAsync(Walks.Search(to: "2026-01-31"), mostRequests: 70);

        walk.Lost(Walks.Search(to: "2026-01-31")).ShouldBeEmpty();
        walk.Doubtful.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_day_that_stays_sparse_costs_a_few_searches_and_is_doubtful_then()
    {
        await using var sandbox = await StartAsync(seed: 2, new() { SparseSearches = 1 });
        Fill(sandbox, new(2), days: 1, videos: 3000);
        var day = Walks.Search(to: "2026-01-01");
        using var walk = new SparseWalk(sandbox);

        await walk.RunAsync(day, mostRequests: 60);

        walk.Covered.ShouldBe([new DateOnly(2026, 1, 1)]);
        walk.Doubtful.ShouldBe([new DateOnly(2026, 1, 1)]);
        walk.Videos.Count.ShouldBeGreaterThan(600, "what the searches brought stays, whichever brought it");
    }

    [Fact]
    public async Task Small_letters_alone_cost_one_search_and_leave_no_doubt()
    {
        await using var sandbox = await StartAsync(seed: 3, new() { LowerCaseRegionOnLaterPages = true });
        Fill(sandbox, new(3), days: 31, videos: 1000);
        using var walk = new SparseWalk(sandbox);

        await walk.RunAsync(Walks.Search(to: "2026-01-31"), mostRequests: 13);

        walk.Videos.Count.ShouldBe(1000);
        walk.Doubtful.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_search_without_fault_costs_as_many_requests_as_it_has_pages()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            await using var sandbox = await StartAsync(seed, new());
            Fill(sandbox, new(seed), days: 31, videos: 101 + (seed * 97));
            using var walk = new SparseWalk(sandbox);

            await walk.RunAsync(Walks.Search(to: "2026-01-31"), mostRequests: 20);

            walk.Requests.ShouldBe((101 + (seed * 97) + 99) / 100, $"seed {seed}");
        }
    }

    private static Task<SandboxServer> StartAsync(int seed, SandboxFaults faults) =>
        SandboxServer.StartAsync(new() { EmptyWorld = true, Seed = seed, Faults = faults, DailyRequests = 100_000 }, TestContext.Current.CancellationToken);

    private static void Fill(SandboxServer sandbox, Random random, int days, int videos, bool isBusy = false)
    {
        // An event makes a busy hour.
        var busy = isBusy ? random.Next(days * 24) : -1;
        for (var i = 0; i < videos; i++)
        {
            var hour = busy >= 0 && random.Next(3) == 0 ? busy : random.Next(days * 24);
            var posted = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour).AddSeconds(60 + random.Next(3500));
            sandbox.World.Add(new SandboxVideo
            {
                Id = (posted.AddSeconds(-40).ToUnixTimeSeconds() << 32) | (uint)i,
                CreateTime = posted,
                Username = "fjord.for.kommunen",
                Description = "#dkpol",
                HashtagNames = ["dkpol"],
            });
        }
    }
}
