using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class LateArrivalsTests
{
    private static readonly DateOnly First = new(2026, 1, 1);

    [Fact]
    public void A_year_of_days_that_were_read_early_is_read_again_week_by_week_each_once()
    {
        Dictionary<DateOnly, CoveredDay> known = [];
        List<int> again = [];
        for (var today = First.AddDays(3); today < First.AddDays(365); today = today.AddDays(1))
        {
            var now = At(today);
            var day = today.AddDays(-3);
            known[day] = Read(day, now, videos: 10);
            var due = Due(known.Values, now);
            if (due.Count > 0)
            {
                Search(due).Count.ShouldBe(1, "a week is one search");
                again.Add(due.Count);
                foreach (var each in due)
                {
                    each.AddDays(10).ShouldBeLessThanOrEqualTo(today);
                    known[each] = Read(each, now, videos: 10);
                }
            }
        }

        again.Skip(1).ShouldAllBe(days => days == 7);
        again.Count.ShouldBeInRange(49, 51);
    }

    [Fact]
    public void Weeks_that_can_hardly_bring_a_video_more_are_left_alone()
    {
        var now = At(First.AddDays(30));

        Due(Enumerable.Range(0, 21).Select(i => Read(First.AddDays(i), At(First.AddDays(i + 3)), videos: 1)), now).ShouldBeEmpty();
        Due(Enumerable.Range(0, 21).Select(i => Read(First.AddDays(i), At(First.AddDays(i + 3)), videos: 0)), now).ShouldBeEmpty();
        Due(Enumerable.Range(0, 21).Select(i => Read(First.AddDays(i), At(First.AddDays(i + 3)), videos: 9)), now).ShouldNotBeEmpty();
    }

    [Fact]
    public void Weeks_that_are_not_worth_it_alone_are_together()
    {
        IEnumerable<CoveredDay> Days(int count) => Enumerable.Range(4, count).Select(i => Read(First.AddDays(i), At(First.AddDays(i + 3)), videos: 3));

        Due(Days(14), At(First.AddDays(4 + 14 + 9))).ShouldBeEmpty();
        Due(Days(21), At(First.AddDays(4 + 21 + 9))).Count.ShouldBe(21);
    }

    [Fact]
    public void Days_that_were_read_late_enough_or_of_which_nobody_knows_are_left_alone()
    {
        var now = At(First.AddDays(30));

        Due(Enumerable.Range(0, 21).Select(i => Read(First.AddDays(i), At(First.AddDays(i + 10)), videos: 50)), now).ShouldBeEmpty();
        Due(Enumerable.Range(0, 21).Select(i => new CoveredDay { Day = First.AddDays(i), State = CoverageState.Complete }), now).ShouldBeEmpty();
        LateArrivals.Due([Asked(Tag("a"), Days("2026-01-01", "2026-01-21"))], Known(Enumerable.Range(0, 21).Select(i => Read(First.AddDays(i), At(First.AddDays(i + 3)), videos: 50))), now, Options with { RereadAtDays = 0 }).ShouldBeEmpty();
    }

    [Fact]
    public void Only_a_plan_that_says_so_reads_again()
    {
        var days = Known(Enumerable.Range(0, 21).Select(i => Read(First.AddDays(i), At(First.AddDays(i + 3)), videos: 50)));
        var state = PlanningState.Nothing with { Coverage = days };
        var asker = new Planner.Asker("default", Priority.Interactive, "", At(First.AddDays(30)), () => Guid.NewGuid().ToString("N"));
        AskedClause[] asked = [Asked(Tag("a"), Days("2026-01-01", "2026-01-21"))];

        Planner.Decide(asked, [], state, asker, Options).Searches.ShouldBeEmpty();
        Planner.Decide(asked, [], state, asker with { ReadsLate = true }, Options).Searches.ShouldHaveSingleItem().Window.Count.ShouldBeInRange(14, 21);
    }

    private static IReadOnlyList<Search> Search(IEnumerable<DateOnly> days) =>
        Planner.Everything([.. Mesh.Collector.Days.Stretches(days.Order()).Select(stretch => Asked(Tag("a"), stretch))], Options);

    private static List<DateOnly> Due(IEnumerable<CoveredDay> known, DateTimeOffset now) =>
        [.. LateArrivals.Due([Asked(Tag("a"), new(First, First.AddDays(400)))], Known(known), now, Options).Select(each => each.Day)];

    private static Dictionary<string, IReadOnlyList<CoveredDay>> Known(IEnumerable<CoveredDay> days) => new() { [Tag("a").ClauseId] = [.. days.OrderBy(day => day.Day)] };

    private static CoveredDay Read(DateOnly day, DateTimeOffset at, int videos) => new() { Day = day, State = CoverageState.Complete, Videos = videos, ReadAt = at };

    private static DateTimeOffset At(DateOnly day) => new(day.ToDateTime(new(0, 1)), TimeSpan.Zero);
}
