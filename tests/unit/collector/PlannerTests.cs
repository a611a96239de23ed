using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class PlannerTests
{
    private static readonly DaysOf January = Days("2026-01-01", "2026-01-31");

    [Fact]
    public void Hashtags_share_a_search_and_so_do_accounts_while_keywords_run_alone()
    {
        var plan = Plan([Asked(Tag("a"), January), Asked(Tag("b"), January), Asked(Word("x"), January), Asked(Word("y"), January), Asked(Actor("ft"), January), Asked(Actor("dr"), January)]);

        plan.Searches.Select(search => string.Join(' ', search.Clauses.Select(each => string.Concat(each.Clause.Hashtags) + each.Clause.Username + string.Concat(each.Clause.Keywords)).Order()))
            .ShouldBe(["a b", "dr ft", "x", "y"], ignoreOrder: true);
        plan.Searches.ShouldAllBe(search => search.Clauses.All(each => each.Clause.Class == search.Class));
    }

    [Fact]
    public void An_account_that_sinks_searches_runs_alone_and_nobody_joins_it()
    {
        var sinking = new MergeKnowledge { Sinking = [new(Actor("ft").ClauseId, 1, Now)] };

        var plan = Plan(
            [Asked(Actor("ft"), January), Asked(Actor("dr"), January), Asked(Actor("bt"), January)],
            PlanningState.Nothing with { Merging = new Dictionary<ClauseClass, MergeKnowledge> { [ClauseClass.Username] = sinking } });

        plan.Searches.Select(search => search.Clauses.Count).Order().ShouldBe([1, 2]);
        plan.Searches.Single(search => search.Clauses.Count == 1).Clauses[0].Clause.Username.ShouldBe("ft");
    }

    [Fact]
    public void Accounts_with_other_conditions_beside_the_name_share_a_search_only_when_these_are_the_same()
    {
        Clause On(string name, string word) => ClauseIds.Identify(new() { Class = ClauseClass.Username, Username = name, Keywords = { word } });

        var plan = Plan([.. new[] { On("ft", "valg"), On("dr", "valg"), On("tv", "klima"), Actor("bt") }.Select(clause => Asked(clause, January))]);

        plan.Searches.Select(search => search.Clauses.Count).Order().ShouldBe([1, 1, 2]);
    }

    [Fact]
    public void Days_are_cut_where_they_are_known_and_on_the_grid_of_what_was_asked()
    {
        var state = Cover(Tag("a"), [.. Days("2025-02-10", "2025-02-12").Each().Select(day => new CoveredDay { Day = day, State = CoverageState.Complete })]);

        var plan = Plan([Asked(Tag("a"), Days("2025-01-01", "2025-03-10"))], state);

        plan.Searches.Select(search => search.Window).ShouldBe(
            [Days("2025-01-01", "2025-01-31"), Days("2025-02-01", "2025-02-09"), Days("2025-02-13", "2025-03-03"), Days("2025-03-04", "2025-03-10")]);
    }

    [Fact]
    public void Only_clauses_that_differ_in_one_atom_share_a_search()
    {
        var swedish = ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { "b" }, RegionCodes = { "SE" } });
        var narrower = ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { "b" }, Keywords = { "x" }, RegionCodes = { "DK" } });
        var fewerFields = ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { "b" }, RegionCodes = { "DK" }, Fields = { "id" } });
        var both = ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { "b", "c" }, RegionCodes = { "DK" } });

        var plan = Plan([.. new[] { Tag("a"), swedish, narrower, fewerFields, both }.Select(clause => Asked(clause, January))]);

        plan.Searches.Count.ShouldBe(5);
    }

    [Fact]
    public void A_search_merges_no_more_clauses_than_the_setting_allows()
    {
        var plan = Plan([.. Enumerable.Range(0, 125).Select(i => Asked(Tag($"t{i}"), January))]);

        plan.Searches.Select(search => search.Clauses.Count).Order().ShouldBe([5, 60, 60]);
    }

    [Fact]
    public void Ids_of_one_time_share_searches_of_at_most_100_ids_and_31_days()
    {
        var plan = Plan([.. Enumerable.Range(0, 150).Select(i => Asked(Video($"{i + 1}"), Around(new DateOnly(2026, 1, 2).AddDays(i % 60))))]);

        plan.Searches.ShouldAllBe(search => search.Window.Count <= 31 && search.Clauses.Count <= 100);
        plan.Searches.Count.ShouldBe(3);

        static DaysOf Around(DateOnly day) => new(day.AddDays(-1), day.AddDays(1));
    }

    [Fact]
    public void The_same_clause_asked_twice_costs_nothing_twice()
    {
        foreach (var clause in new[] { Tag("a"), Word("x"), Video("7"), Actor("ft") })
        {
            var once = Plan([Asked(clause, January, "one")]);
            var twice = Plan([Asked(clause, January, "one"), Asked(clause, January, "two")]);

            twice.Searches.Count.ShouldBe(once.Searches.Count);
            twice.Searches.ShouldAllBe(search => search.Clauses.Count == 1);
        }
    }

    [Fact]
    public void Profiles_are_read_once_and_again_only_when_they_are_old_or_failed()
    {
        var facts = new[]
        {
            Read("fresh", ListResult.Read, Now.AddDays(-29)), Read("old", ListResult.Read, Now.AddDays(-30)),
            Read("gone", ListResult.Refused, Now.AddDays(-1)), Read("failed", ListResult.Failed, Now.AddMinutes(-1)),
        }.ToDictionary(read => read.List, read => new ListFact("", read));
        facts[ListKey.Profile("going")] = new("p1", null);

        var plan = Plan([], State() with { Lists = facts }, lists: [.. new[] { "Fresh", "old", "gone", "failed", "going", "new", "NEW" }.Select(ListKey.Profile)]);

        plan.Searches.Select(search => search.Subject).ShouldBe(["old", "failed", "new"], ignoreOrder: true);
        plan.Searches.ShouldAllBe(search => search.Clauses.Single().Clause.Subject == search.Subject);
        plan.Joined.ShouldBe(["p1"]);
    }

    [Fact]
    public void Other_lists_are_good_for_a_day_or_as_the_setting_says()
    {
        var key = ListKey.Of(ApiEndpoint.Comments, "7");
        PlanningState ReadBefore(double hours) => State() with { Lists = new Dictionary<ListKey, ListFact> { [key] = new("", new() { List = key, Result = ListResult.Read, ReadAt = Now.AddHours(-hours) }) } };

        Plan([], ReadBefore(23.9), lists: key).Searches.ShouldBeEmpty();
        Plan([], ReadBefore(24), lists: key).Searches.ShouldHaveSingleItem().List.ShouldBe(key);
        var always = Planner.Decide([], [key], ReadBefore(0), Asker(), Options with { ListCacheDays = 0 });
        always.Searches.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_collection_that_goes_on_reads_no_list_again_that_was_good_when_it_began_or_was_read_since()
    {
        var (early, since, stale) = (ListKey.Of(ApiEndpoint.Comments, "1"), ListKey.Of(ApiEndpoint.Comments, "2"), ListKey.Of(ApiEndpoint.Comments, "3"));
        var state = State() with
        {
            Lists = new[] { (early, Now.AddDays(-10.5)), (since, Now.AddDays(-9)), (stale, Now.AddDays(-11)) }
                .ToDictionary(each => each.Item1, each => new ListFact("", new() { List = each.Item1, Result = ListResult.Read, ReadAt = each.Item2 })),
        };

        var plan = Planner.Decide([], [early, since, stale], state, Asker() with { Since = Now.AddDays(-10) }, Options);

        plan.Searches.ShouldHaveSingleItem().List.ShouldBe(stale);
    }

    [Fact]
    public void Days_too_young_to_be_found_are_told_and_not_asked_for()
    {
        var plan = Plan([Asked(Tag("a"), Days("2026-03-28", "2026-04-01"))]);

        plan.Searches.ShouldHaveSingleItem().Window.ShouldBe(Days("2026-03-28", "2026-03-29"));
        plan.Unripe.Select(unripe => unripe.Missing.Days.From).ShouldBe([new(2026, 3, 30), new(2026, 3, 31), new(2026, 4, 1)]);
        plan.Unripe.ShouldAllBe(unripe => unripe.Missing.Reason == GapReason.NotYetIndexed && unripe.Missing.RetryAt > Now);
    }

    [Fact]
    public void A_gap_is_asked_for_again_once_its_time_has_come()
    {
        CoveredDay Gap(int day, DateTimeOffset retryAt) => new() { Day = new(2026, 1, day), State = CoverageState.Gap, Reason = GapReason.BlackoutSuspect, RetryAt = retryAt };
        var known = Cover(Tag("a"), [.. Days("2026-01-01", "2026-01-31").Each().Select(day => new CoveredDay { Day = day, State = CoverageState.Complete })]);
        IReadOnlyList<CoveredDay> days = [Gap(5, Now.AddSeconds(1)), Gap(6, Now), Gap(7, default), .. known.Coverage.Values.Single().Where(day => day.Day.Day is < 5 or > 7)];

        var plan = Plan([Asked(Tag("a"), January)], Cover(Tag("a"), days));

        plan.Searches.ShouldHaveSingleItem().Window.ShouldBe(Days("2026-01-06", "2026-01-07"));
        plan.KnownGaps.ShouldHaveSingleItem().Gap.Day.ShouldBe(new(2026, 1, 5));
        plan.CoveredClauseDays.ShouldBe(28);
    }

    [Fact]
    public void A_day_that_may_lack_videos_is_asked_for_once_more_a_day_later()
    {
        var read = Now.AddHours(-25);
        var search = new SearchRecord { Search = Search(clauses: [Tag("a")]) with { Window = January }, Checkpoint = new() { DoubtfulTo = new(2026, 1, 2) }, Brought = new() { Since = read } };
        IReadOnlyList<CoveredDay> Read(SearchRecord by, params IReadOnlyList<CoveredDay> before) =>
            [.. DayCoverage.Complete(Tag("a").ClauseId, January, by, new Dictionary<string, IReadOnlyList<CoveredDay>> { [Tag("a").ClauseId] = before }).Select(each => each.Day)];
        var doubtful = Read(search);

        Plan([Asked(Tag("a"), January)], Cover(Tag("a"), doubtful)).Searches.ShouldHaveSingleItem().Window.ShouldBe(Days("2026-01-01", "2026-01-02"));
        Plan([Asked(Tag("a"), January)], Cover(Tag("a"), Read(search with { Brought = new() { Since = Now.AddHours(-23) } }))).Searches.ShouldBeEmpty("not so soon");
        var again = Read(search, [.. doubtful]);
        again.Count(day => DayCoverage.IsDoubtful(day)).ShouldBe(2);
        Plan([Asked(Tag("a"), January)], Cover(Tag("a"), again)).Searches.ShouldBeEmpty("nor for ever");
        Read(search with { Checkpoint = new() }, [.. doubtful]).ShouldAllBe(day => !DayCoverage.IsDoubtful(day));
    }

    [Fact]
    public void What_is_covered_or_on_its_way_costs_nothing()
    {
        var state = Cover(Tag("a"), [.. Days("2026-01-01", "2026-01-10").Each().Select(day => new CoveredDay { Day = day, State = CoverageState.Complete })]) with
        {
            OpenSearches = new Dictionary<string, IReadOnlyList<OpenSearchDays>> { [Tag("a").ClauseId] = [new("open", Days("2026-01-08", "2026-01-31")), new("elsewhere", Days("2025-01-01", "2025-01-31"))] },
        };

        var plan = Plan([Asked(Tag("a"), January)], state);

        plan.Searches.ShouldBeEmpty();
        plan.Joined.ShouldBe(["open"]);
    }

    [Fact]
    public void Every_day_that_is_needed_is_in_exactly_one_search_and_no_other_day_is()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            Clause[] clauses = [Tag("a"), Tag("b"), Tag("c"), Word("x"), Actor("ft"), Video("1"), Video("2")];
            List<AskedClause> asked = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Asked(clauses[random.Next(clauses.Length)], RandomDays(random)))];
            var state = RandomState(random, clauses);

            var plan = Plan(asked, state);

            var planned = plan.Searches.SelectMany(search => search.Clauses).SelectMany(each => each.Days.Each().Select(day => (each.Clause.ClauseId, day))).ToList();
            planned.ShouldBeUnique($"seed {seed}");
            planned.ShouldBe(Needed(asked, state).Distinct(), ignoreOrder: true, $"seed {seed}");
            plan.Searches.ShouldAllBe(search => search.Window.Count <= 31 && search.Clauses.All(each => each.Days.Intersect(search.Window) == each.Days));
            plan.Searches.Select(search => search.SearchId).ShouldBeUnique();
        }
    }

    private static ListRead Read(string name, ListResult result, DateTimeOffset at) => new() { List = ListKey.Profile(name), Result = result, ReadAt = at };

    private static IEnumerable<(string ClauseId, DateOnly Day)> Needed(IEnumerable<AskedClause> asked, PlanningState state) =>
        from clause in asked
        from day in clause.Days.Each()
        let known = state.Coverage.GetValueOrDefault(clause.Clause.ClauseId, []).FirstOrDefault(fact => fact.Day == day)
        where day <= new DateOnly(2026, 3, 29)
            && known?.State is not CoverageState.Complete
            && !(known?.State is CoverageState.Gap && known.RetryAt > Now)
            && !state.OpenSearches.GetValueOrDefault(clause.Clause.ClauseId, []).Any(open => open.Days.Contains(day))
        select (clause.Clause.ClauseId, day);

    private static DaysOf RandomDays(Random random)
    {
        var from = new DateOnly(2025, 12, 1).AddDays(random.Next(120));
        return new(from, from.AddDays(random.Next(80)));
    }

    private static PlanningState RandomState(Random random, Clause[] clauses) => new()
    {
        Coverage = clauses.Where(_ => random.Next(2) == 0).ToDictionary(clause => clause.ClauseId, IReadOnlyList<CoveredDay> (_) =>
        [
            .. RandomDays(random).Each().Where(_ => random.Next(3) > 0).Select(day => new CoveredDay
            {
                Day = day,
                State = random.Next(2) == 0 ? CoverageState.Complete : CoverageState.Gap,
                RetryAt = Now.AddHours(random.Next(-5, 5)),
            }),
        ]),
        OpenSearches = clauses.Where(_ => random.Next(3) == 0).ToDictionary(clause => clause.ClauseId, IReadOnlyList<OpenSearchDays> (_) => [new("open", RandomDays(random))]),
        Lists = new Dictionary<ListKey, ListFact>(),
    };

    private static PlanningState State() => new()
    {
        Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>>(),
        OpenSearches = new Dictionary<string, IReadOnlyList<OpenSearchDays>>(),
        Lists = new Dictionary<ListKey, ListFact>(),
    };

    private static PlanningState Cover(Clause clause, IReadOnlyList<CoveredDay> days) =>
        State() with { Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>> { [clause.ClauseId] = days } };

    private static Plan Plan(IReadOnlyList<AskedClause> asked, PlanningState? state = null, params ListKey[] lists)
    {
        return Planner.Decide(asked, lists, state ?? State(), Asker(), Options);
    }

    private static Planner.Asker Asker()
    {
        var ids = 0;
        return new("default", Priority.Interactive, "", Now, () => (ids++).ToString(CultureInfo.InvariantCulture));
    }
}
