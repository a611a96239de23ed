using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>When a merged search is followed by a check of the local match, and what becomes of the check.</summary>
public sealed class TwinChecksTests
{
    private const int Worlds = 2_000;

    [Fact]
    public void A_check_asks_for_one_clause_alone_on_days_that_one_page_holds_and_is_paid_by_who_asks_for_it()
    {
        var chance = new Random(4711);
        var planned = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var read = Read(chance.Next(2, 12), chance.Next(1, 32), chance, perDay: 40 * Math.Pow(chance.NextDouble(), 3), id: $"s{world}");
            var facts = FactsOf(read, chance);
            if (TwinChecks.Plan(read, facts, Now, Options) is not { } check)
            {
                Stretches(read).ShouldBeEmpty($"world {world}: there was something to check");
                continue;
            }

            planned++;
            var asked = check.Search.Clauses.ShouldHaveSingleItem();
            asked.Days.ShouldBe(check.Search.Window);
            read.Search.Clauses.Single(each => each.Clause.Equals(asked.Clause)).Days.Intersect(asked.Days).ShouldBe(asked.Days);
            check.Search.Window.Each().Sum(day => read.Brought!.Of(asked.Clause.ClauseId, day)).ShouldNotBeNull().ShouldBeInRange(1, 80);
            var payer = facts.Asked[check.Collections.ShouldHaveSingleItem()];
            payer.ShouldContain(each => each.Clause.Equals(asked.Clause));
            check.Search.Twin.ShouldNotBeNull().Merged.ShouldBe(read.Search.SearchId);
            var again = TwinChecks.Plan(read, facts, Now, Options)!.Search;
            (again.SearchId, again.Window, again.Clauses[0].Clause).ShouldBe((check.Search.SearchId, check.Search.Window, asked.Clause), "the same decision makes the same search");
        }

        planned.ShouldBeGreaterThan(Worlds / 2);
    }

    [Fact]
    public void Not_always_the_same_clause_is_checked()
    {
        var chosen = Enumerable.Range(0, 200).Select(i => Read(4, 7, new(1), perDay: 2, id: $"s{i}")).Select(read => TwinChecks.Plan(read, FactsOf(read), Now, Options)!.Search.Clauses[0].Clause.ClauseId);

        var counts = chosen.GroupBy(id => id).Select(same => same.Count()).ToList();
        counts.Count.ShouldBe(4);
        counts.ShouldAllBe(count => count > 25);
    }

    [Theory]
    [InlineData(6.99, 7, false)]
    [InlineData(7, 7, true)]
    [InlineData(1, 1, true)]
    [InlineData(1000, 0, false)]
    public void It_is_made_once_in_so_many_days_or_never(double daysAgo, int every, bool isDue)
    {
        var read = Read(3, 7, new(1), perDay: 2);
        var facts = FactsOf(read) with { Merging = new() { CheckedAt = Now.AddDays(-daysAgo) } };

        (TwinChecks.Plan(read, facts, Now, Options with { MatchCheckDays = every }) is not null).ShouldBe(isDue);
    }

    [Fact]
    public void Only_a_merged_search_of_terms_that_was_read_to_its_end_is_checked()
    {
        var read = Read(3, 7, new(1), perDay: 2);
        var search = read.Search;
        (string Why, SearchRecord Read)[] others =
        [
            ("it goes on", read with { Status = SearchStatus.Open }),
            ("a page is not a record yet", read with { Unanswered = new Dictionary<string, int> { ["c0"] = 1 } }),
            ("nothing was read", read with { Covered = null }),
            ("its pages stay suspect", read with { Checkpoint = read.Checkpoint with { DoubtfulTo = search.Window.From } }),
            ("nobody counted", read with { Brought = read.Brought! with { IsCounted = false } }),
            ("it brought nothing", read with { Brought = new() { Since = Now } }),
            ("it drew a sample", read with { Search = search with { Sample = 10 } }),
            ("it is a probe", read with { Search = search with { IsProbe = true } }),
            ("it reads again", read with { Search = search with { Rereads = ["before"] } }),
            ("it reads a zero again", read with { Search = search with { Zero = new(Canary: null) } }),
            ("it is a check", read with { Search = search with { Twin = new("s", Now) } }),
            ("it asks for one clause", read with { Search = search with { Clauses = [search.Clauses[0]] } }),
            ("ids are certain", read with { Search = search with { Class = ClauseClass.Id } }),
        ];

        TwinChecks.Plan(read, FactsOf(read), Now, Options).ShouldNotBeNull();
        foreach (var (why, other) in others)
        {
            TwinChecks.Plan(other, FactsOf(read), Now, Options).ShouldBeNull(why);
        }
    }

    [Fact]
    public void Who_has_set_a_limit_pays_for_no_check()
    {
        var read = Read(3, 7, new(1), perDay: 2);
        var facts = FactsOf(read);
        (string Why, Func<CollectionRecord, CollectionRecord> Change)[] limits =
        [
            ("units", collection => collection with { MaxUnits = 100 }),
            ("units a day", collection => collection with { UnitsPerDay = 100 }),
            ("records", collection => collection with { MaxResults = 100 }),
            ("it is paused", collection => collection with { State = CollectionState.Paused }),
        ];

        foreach (var (why, change) in limits)
        {
            TwinChecks.Plan(read, facts with { Collections = [.. facts.Collections.Select(change)] }, Now, Options).ShouldBeNull(why);
        }

        var other = facts with { Collections = [facts.Collections[0] with { MaxUnits = 100 }, facts.Collections[1]], Asked = facts.Asked.Append(new("c1", facts.Asked["c0"])).ToDictionary() };
        TwinChecks.Plan(read, other, Now, Options)!.Collections.ShouldBe(["c1"], "another that asks for the same may");
    }

    [Fact]
    public void While_TikTok_is_explored_or_does_not_answer_none_is_planned_and_one_that_was_is_dropped()
    {
        var read = Read(3, 7, new(1), perDay: 2);
        var facts = FactsOf(read);
        var check = TwinChecks.Plan(read, facts, Now, Options)!.Search;
        var exploring = ClassBlackouts.Nothing with { Exploration = Exploring(Now) };
        var stale = ClassBlackouts.Nothing with { Exploration = Exploring(Now.AddMinutes(-3)) };
        var dark = ClassBlackouts.Nothing.With([new(new(check.Window.From, check.Window.From), DayLight.Bad, "log", Now)]);
        Outage down = new() { OpenedAt = Now };

        TwinChecks.Plan(read, facts with { Blackouts = exploring }, Now, Options).ShouldBeNull();
        TwinChecks.Plan(read, facts with { Outage = down }, Now, Options).ShouldBeNull();
        TwinChecks.Plan(read, facts with { Blackouts = stale }, Now, Options).ShouldNotBeNull("who left it behind holds nobody up");
        Shade.Of(check, Checkpoint.Start, ClassBlackouts.Nothing, Outage.None, Now, Options).ShouldBeOfType<Shade.None>();
        Shade.Of(check, Checkpoint.Start, stale, Outage.None, Now, Options).ShouldBeOfType<Shade.None>("it lends itself to no exploration");
        Ends(exploring, Outage.None, Now);
        Ends(dark, Outage.None, Now);
        Ends(ClassBlackouts.Nothing, down, Now);
        Ends(ClassBlackouts.Nothing, Outage.None, Now.AddMinutes(11));

        void Ends(ClassBlackouts known, Outage outage, DateTimeOffset now)
        {
            var turn = Shade.Of(check, Checkpoint.Start, known, outage, now, Options).ShouldBeOfType<Shade.Turns>().Turn;
            (turn.Step, turn.News).ShouldBe((TwinChecks.End, null));
        }
    }

    [Fact]
    public void Any_answer_ends_it_and_nothing_follows()
    {
        var check = Check();
        foreach (var error in Enum.GetValues<ApiErrorClass>())
        {
            var step = Decide(check, Checkpoint.Start, error is ApiErrorClass.Ok ? Page(cursor: 100) : Trouble(error));

            step.ShouldBe(TwinChecks.End, error.ToString());
            step.News.ShouldBeNull();
        }

        Answer.Of(check, Checkpoint.Start, Trouble(ApiErrorClass.Internal), control: null, ClassBlackouts.Nothing).Sign.ShouldBe(Sign.None, "a failure of it is no sign");
    }

    [Fact]
    public void A_request_for_it_that_is_lost_is_not_sent_again()
    {
        var check = Check();
        var open = new OpenSearch(check, Checkpoint.Start with { InFlightGrant = "g" }, ["c0"]);
        var record = new SearchRecord { Search = check, Checkpoint = open.Checkpoint, Collections = ["c0"], Payer = "c0" };
        SearchFacts facts = new(record, [CollectionOf("c0") with { Sent = 1 }]);

        RequestPaying.Forget(facts, open).Searches.ShouldHaveSingleItem().Status.ShouldBe(SearchStatus.Closed);
        RequestPaying.Forget(facts with { Search = record with { Search = check with { Twin = null } } }, open).Searches.ShouldHaveSingleItem().Status.ShouldBe(SearchStatus.Open);
    }

    [Fact]
    public void It_covers_no_days_and_nobody_joins_it()
    {
        var check = Check();

        check.Dated.ShouldBeEmpty();
        MergeKeys.Of(check).ShouldBeEmpty();
        MergeKeys.Of(check with { Twin = null }).ShouldNotBeEmpty();
        var closed = PageKeeping.Answer(
            new(new() { Search = check, Status = SearchStatus.Drained, Collections = ["c0"], Unanswered = new Dictionary<string, int> { ["c0"] = 1 }, Brought = new() { Since = Now } }, [CollectionOf("c0")]),
            "c0",
            new(0, 0, 0, 0, 0) { Videos = [] },
            Now,
            Options);
        closed.Searches.ShouldHaveSingleItem().Status.ShouldBe(SearchStatus.Closed);
        (closed.Coverage.Count, closed.NewSearches.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void What_it_finds_is_learnt_and_a_difference_makes_keywords_part_while_a_failure_teaches_nothing()
    {
        var proven = new MergeKnowledge { Agreed = 10_000, Words = ["a", "b", "c"], CheckedAt = Now };
        var check = Check(Word("a"));
        Learnt(proven, new(40, 0, 0)).MayMerge(ClauseClass.Keyword).ShouldBeTrue();
        foreach (var found in new TwinResult[] { new(40, 1, 0), new(40, 0, 1) })
        {
            var after = Learnt(proven, found);

            after.Checked.ShouldBe(found);
            after.MayMerge(ClauseClass.Keyword).ShouldBeFalse();
            after.MayMerge(ClauseClass.Hashtag).ShouldBeTrue("an alert is all for what the answer names itself");
            (after with { Agreed = MergeKnowledge.ProvingVideos, Words = ["a", "b", "c"] }).MayMerge(ClauseClass.Keyword).ShouldBeTrue("proven anew");
            Learnt(after, found: null).Checked.ShouldBe(found, "where nothing could be compared, what was known stays");
        }

        MergeLearning.Concerns(check, Trouble(ApiErrorClass.Internal)).ShouldBeFalse();

        MergeKnowledge Learnt(MergeKnowledge known, TwinResult? found)
        {
            var outcome = Page(cursor: 40, more: false) with { VideoIds = ["1"], Twin = found };
            MergeLearning.Concerns(check, outcome).ShouldBeTrue();
            return MergeLearning.After(known, check, Checkpoint.Start, outcome, TwinChecks.End);
        }
    }

    private static Search Check(Clause? clause = null) => Search(clauses: [clause ?? Tag("a")]) with { Class = clause?.Class ?? ClauseClass.Hashtag, SearchId = "st", Twin = new("s", Now.AddMinutes(10)) };

    private static Exploration Exploring(DateTimeOffset at) => new()
    {
        Id = "x", Class = ClauseClass.Hashtag, StartedAt = at, At = at, Stage = ExplorationStage.Bisect, Near = new(2026, 1, 1), Far = new(2026, 1, 20), End = new(2026, 1, 20), HoldsFrom = new(2026, 1, 1),
    };

    private static SearchRecord Read(int clauses, int days, Random chance, double perDay, string id = "s")
    {
        var window = new DaysOf(new(2026, 1, 1), new DateOnly(2026, 1, 1).AddDays(days - 1));
        var search = Search(from: DaysOf.Text(window.From), to: DaysOf.Text(window.To), clauses: [.. Enumerable.Range(0, clauses).Select(i => Tag($"t{i}"))]) with { SearchId = id };
        IReadOnlyList<ClauseVideos> videos =
        [
            .. from each in search.Clauses
               from day in window.Each()
               let count = (int)(perDay * 2 * chance.NextDouble())
               where count > 0
               select new ClauseVideos(each.Clause.ClauseId, day, count),
        ];
        return new()
        {
            Search = search,
            Status = SearchStatus.Drained,
            Covered = window,
            Collections = ["c0", "c1"],
            Brought = new Brought { Since = Now }.With(new(videos.Sum(each => each.Videos), 0, 0, 0, 0) { Videos = videos }),
        };
    }

    /// <summary>Days of clauses that one page holds.</summary>
    private static IEnumerable<DateOnly> Stretches(SearchRecord read) =>
        from each in read.Search.Clauses
        from day in each.Days.Each()
        where read.Brought!.Of(each.Clause.ClauseId, day) is > 0 and <= 80
        select day;

    /// <summary>Two collections, of which each asks for some of the clauses; the first for all of them where nobody draws.</summary>
    private static SearchFacts FactsOf(SearchRecord read, Random? chance = null) => new(read, [CollectionOf("c0"), CollectionOf("c1")])
    {
        Asked = read.Search.Clauses.GroupBy(_ => chance?.Next(2) is 1 ? "c1" : "c0").ToDictionary(same => same.Key, IReadOnlyList<AskedClause> (same) => [.. same.Select(each => Asked(each.Clause, each.Days))]),
    };

    private static CollectionRecord CollectionOf(string id) => new() { LabId = "default", CollectionId = id, RequestId = id, Fingerprint = "", Spec = "{}", Priority = Priority.Interactive, CreatedAt = Now };
}
