using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Random worlds: videos come by chance, and an API sometimes answers nothing with success.</summary>
public sealed class SilentZerosTests
{
    private const int Worlds = 4_000;
    private static readonly DateOnly First = new(2025, 9, 1);

    [Fact]
    public void A_silent_zero_is_noticed_where_fifteen_videos_or_more_are_to_be_expected()
    {
        var chance = new Random(4711);
        var noticed = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var clauses = chance.Next(1, 12);
            var asked = chance.Next(1, 32);
            var expected = 15 * (1 + (2 * chance.NextDouble()));
            var search = Silent(clauses, asked);

            noticed += SilentZeros.Reread(search, History(search, expected / (asked * clauses), chance.Next(75, 91), chance), Now, Options.WindowDays) is null ? 0 : 1;
        }

        ((double)noticed / Worlds).ShouldBeGreaterThanOrEqualTo(0.99);
    }

    [Fact]
    public void A_true_zero_is_hardly_ever_asked_about()
    {
        var chance = new Random(99);
        var (zeros, alarms) = (0, 0);
        for (var world = 0; world < 20 * Worlds; world++)
        {
            var asked = chance.Next(1, 32);
            var perDay = 10 * Math.Pow(chance.NextDouble(), 3);
            if (Enumerable.Range(0, asked).Sum(_ => Poisson(perDay, chance)) > 0)
            {
                continue;
            }

            zeros++;
            var search = Silent(1, asked);
            alarms += SilentZeros.Reread(search, History(search, perDay, chance.Next(30, 91), chance), Now, Options.WindowDays) is null ? 0 : 1;
        }

        zeros.ShouldBeGreaterThan(5_000);
        ((double)alarms / zeros).ShouldBeLessThan(0.002);
    }

    [Fact]
    public void The_month_after_a_few_loud_days_may_be_quiet()
    {
        var search = Silent(1, 30);
        var clause = search.Search.Clauses[0].Clause.ClauseId;
        IReadOnlyList<CoveredDay> burst = [.. Enumerable.Range(69, 31).Select(i => new CoveredDay { Day = First.AddDays(i), State = CoverageState.Complete, Videos = i is > 75 and < 81 ? 10 : 0 })];

        SilentZeros.Reread(search, new Dictionary<string, IReadOnlyList<CoveredDay>> { [clause] = burst }, Now, Options.WindowDays).ShouldBeNull();
    }

    [Fact]
    public void A_search_is_read_again_once_and_with_a_day_that_is_known_to_have_videos()
    {
        var chance = new Random(7);
        for (var world = 0; world < 500; world++)
        {
            var search = Silent(chance.Next(1, 5), chance.Next(1, 25));
            var known = History(search, 1.5, 90, chance, around: true);
            if (SilentZeros.Reread(search, known, Now, Options.WindowDays) is not { } again)
            {
                continue;
            }

            again.Clauses.ShouldBe(search.Search.Clauses);
            again.Window.Count.ShouldBeLessThanOrEqualTo(Options.WindowDays);
            again.Zero.ShouldNotBeNull();
            if (again.Zero.Canary is { } canary)
            {
                again.Window.Contains(canary).ShouldBeTrue();
                search.Search.Window.Contains(canary).ShouldBeFalse();
                known.Values.Sum(days => days.Where(day => again.Window.Contains(day.Day)).Sum(day => day.Videos)).ShouldNotBeNull().ShouldBeInRange(1, 60);
            }

            var reread = search with { Search = again, Brought = new() { Since = Now } };
            SilentZeros.Reread(reread, known, Now, Options.WindowDays).ShouldBeNull("one unit a search");
            SilentZeros.StaysSilent(reread).ShouldBeTrue();
            SilentZeros.StaysSilent(reread with { Brought = new() { Since = Now, Items = 1 } }).ShouldBeFalse();
        }
    }

    [Fact]
    public void Days_that_stay_silent_are_suspect_and_those_beside_a_canary_that_answers_are_empty()
    {
        var search = Silent(1, 10);
        var known = History(search, 2, 90, new(1), around: true);
        var again = SilentZeros.Reread(search, known, Now, Options.WindowDays).ShouldNotBeNull();
        var clause = search.Search.Clauses[0].Clause.ClauseId;

        var silent = DayCoverage.Complete(clause, search.Search.Window, search with { Search = again }, known);
        var answered = DayCoverage.Complete(clause, search.Search.Window, search with { Search = again, Brought = new() { Since = Now, Items = 3 } }, known);

        silent.ShouldAllBe(day => DayCoverage.StateOf(day.Day) == CoverageState.Suspect);
        answered.ShouldAllBe(day => DayCoverage.StateOf(day.Day) == CoverageState.Empty);
    }

    [Fact]
    public void Days_whose_reading_shrinks_are_suspect_and_keep_what_they_had()
    {
        var search = Silent(1, 10);
        var clause = search.Search.Clauses[0].Clause.ClauseId;
        IReadOnlyList<CoveredDay> before = [.. search.Search.Window.Each().Select(day => new CoveredDay { Day = day, State = CoverageState.Complete, Videos = 8 })];

        IEnumerable<ClauseDay> Again(int videos) => DayCoverage.Complete(
            clause,
            search.Search.Window,
            search with { Brought = search.Brought!.With(new(0, 0, 0, 0, 0) { Videos = [.. search.Search.Window.Each().Select(day => new ClauseVideos(clause, day, videos))] }) },
            new Dictionary<string, IReadOnlyList<CoveredDay>> { [clause] = before });

        Again(1).ShouldAllBe(day => DayCoverage.StateOf(day.Day) == CoverageState.Suspect && day.Day.Videos == 8);
        Again(7).ShouldAllBe(day => DayCoverage.StateOf(day.Day) == CoverageState.Complete && day.Day.Videos == 8);
        Again(9).ShouldAllBe(day => DayCoverage.StateOf(day.Day) == CoverageState.Complete && day.Day.Videos == 9);
    }

    [Fact]
    public void Without_thirty_days_that_were_counted_nothing_is_suspected()
    {
        var search = Silent(1, 10);

        SilentZeros.Reread(search, History(search, 50, 29, new(1)), Now, Options.WindowDays).ShouldBeNull();
        SilentZeros.Reread(search, History(search, 50, 30, new(1)), Now, Options.WindowDays).ShouldNotBeNull();
        SilentZeros.Reread(search with { Brought = new() { Since = Now, Items = 1 } }, History(search, 50, 90, new(1)), Now, Options.WindowDays).ShouldBeNull();
        SilentZeros.Reread(search with { Search = search.Search with { Sample = 5 } }, History(search, 50, 90, new(1)), Now, Options.WindowDays).ShouldBeNull();
    }

    private static SearchRecord Silent(int clauses, int days)
    {
        var window = new DaysOf(First.AddDays(100), First.AddDays(99 + days));
        return new()
        {
            Search = Search(from: DaysOf.Text(window.From), to: DaysOf.Text(window.To), clauses: [.. Enumerable.Range(0, clauses).Select(i => Tag($"t{i}"))]),
            Status = SearchStatus.Drained,
            Covered = window,
            Brought = new() { Since = Now },
        };
    }

    /// <summary>What was counted on so many days before the search; beside it too, or only well before it.</summary>
    private static Dictionary<string, IReadOnlyList<CoveredDay>> History(SearchRecord search, double perDay, int days, Random chance, bool around = false) =>
        search.Search.Clauses.ToDictionary(
            clause => clause.Clause.ClauseId,
            IReadOnlyList<CoveredDay> (_) =>
            [
                .. Enumerable.Range(around ? 100 - days : 99 - days, days).Select(i => new CoveredDay { Day = First.AddDays(i), State = CoverageState.Complete, Videos = Poisson(perDay, chance) }),
            ]);

    private static int Poisson(double mean, Random chance)
    {
        var (count, product, bound) = (0, chance.NextDouble(), Math.Exp(-mean));
        while (product > bound)
        {
            count++;
            product *= chance.NextDouble();
        }

        return count;
    }
}
