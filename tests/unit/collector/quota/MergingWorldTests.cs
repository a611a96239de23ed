using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>The reference world of merging, half a year of it: its bars, held by count in each build.</summary>
public sealed class MergingWorldTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0.01)]
    [InlineData(4, 0.01)]
    public async Task Six_arenas_share_the_pages_of_sixty_terms_and_lose_none(int seed, double loss)
    {
        var world = new ReferenceWorld(seed, days: 186, videos: 6_700);
        using var run = await RunAsync(world, seed, loss);

        // Six windows of which each may end on a part of a page; a lost search costs what it is tried again, and what its day brings twice.
        var most = world.RequestsOf([world.Terms], 31) + (loss > 0 ? run.Wasted + (2 * run.Wasted) : 0);
        run.Checks.ShouldHaveSingleItem().ShouldNotBeNull().ShouldSatisfyAllConditions(check => check.Differences.ShouldBe(0), check => check.Videos.ShouldBeInRange(1, 80));
        run.Sent.ShouldBeLessThanOrEqualTo(most, $"{run.Wasted} wasted, floor {world.Floor}");
        (run.Sent / (double)world.Floor).ShouldBeLessThan(loss > 0 ? 1.2 : 1.1);
        run.Sent.ShouldBeLessThan(world.RequestsOf(world.Terms.Select(term => new[] { term }), 30) / 5);
        run.Sent.ShouldBeLessThan(world.RequestsOf(world.Terms.Select(term => new[] { term }), 7, readsEndTwice: true) / 20);
        Verdicts.LostOf(world, run).ShouldBe(0);
        Verdicts.MissingDaysOf(world, run).ShouldBe(0);
        run.Unattributed.ShouldBe(0);
    }

    [Fact]
    public async Task The_largest_size_is_found_and_no_size_that_was_refused_for_its_number_is_tried_again()
    {
        var world = new ReferenceWorld(seed: 5, days: 93, videos: 900);
        using var run = await LabRun.StartAsync(world.Videos, 5, 0, None, mostTerms: 40);
        foreach (var arena in world.Arenas)
        {
            run.Submit(arena.Select(ReferenceWorld.ClauseOf), world.Days);
        }

        await run.WalkAsync(None);
        await run.StopAsync();

        // 60, 45 and 41 are refused, the first and the last with 31 days as well as with 30, which may have been their fault; 30, 37 and 39 are taken.
        run.Refused.ShouldBe(5, string.Join(' ', run.Sizes));
        var known = run.Lab.Merging(V1.ClauseClass.Hashtag);
        (known.Accepted, known.Refused).ShouldBe((39, 41));
        known.Most(V1.ClauseClass.Hashtag, run.Options).ShouldBe(40);
        Verdicts.LostOf(world, run).ShouldBe(0);
        Verdicts.MissingDaysOf(world, run).ShouldBe(0);
    }

    [Fact]
    public async Task A_window_that_was_refused_for_its_length_is_asked_for_once()
    {
        var world = new ReferenceWorld(seed: 5, days: 124, videos: 300);
        using var run = await LabRun.StartAsync(world.Videos, 5, 0, None, longestWindow: 30);
        foreach (var terms in world.Terms.Chunk(world.Terms.Count / 2))
        {
            run.Submit(terms.Select(ReferenceWorld.ClauseOf), world.Days);
            await run.WalkAsync(None);
        }

        await run.StopAsync();

        run.Refused.ShouldBe(1);
        run.Lab.Merging(V1.ClauseClass.Hashtag).WindowDays(run.Options).ShouldBe(30);
        Verdicts.LostOf(world, run).ShouldBe(0);
        Verdicts.MissingDaysOf(world, run).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_counted_foretells_what_other_days_cost()
    {
        // Videos that are gone take places on pages, and a video of two terms comes once: a count of videos alone would miss by a third in either direction.
        var world = new ReferenceWorld(seed: 5, days: 186, videos: 6_700);
        using var run = await LabRun.StartAsync(world.Videos, 5, lossOfSearch: 0, None);
        List<Clause> clauses = [.. world.Terms.Select(ReferenceWorld.ClauseOf)];
        Days known = new(world.Days.From, world.Days.From.AddDays(92));
        Days next = new(known.To.AddDays(1), world.Days.To);
        List<AskedClause> asked = [.. clauses.Select(clause => Walks.Asked(clause, next))];

        run.Lab.HistoryOf(asked).Knows(clauses[0]).ShouldBeFalse();
        run.Submit(clauses, known);
        await run.WalkAsync(None);
        var (before, history) = (run.Sent, run.Lab.HistoryOf(asked));
        var likely = Estimates.VideoUnits(run.Submit(clauses, next), history);
        await run.WalkAsync(None);
        await run.StopAsync();

        var took = run.Sent - before;
        took.ShouldBeGreaterThan(30);
        ((double)likely / took).ShouldBeInRange(0.9, 1.1, $"foretold {likely}, took {took}");
    }

    private static async Task<LabRun> RunAsync(ReferenceWorld world, int seed, double loss)
    {
        var run = await LabRun.StartAsync(world.Videos, seed, loss, None);
        foreach (var arena in world.Arenas)
        {
            run.Submit(arena.Select(ReferenceWorld.ClauseOf), world.Days);
        }

        await run.WalkAsync(None);
        await run.StopAsync();
        return run;
    }
}
