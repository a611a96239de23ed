using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class FairnessTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Among_equals_the_caller_with_the_least_goes_next_and_its_own_searches_keep_their_order() =>
        Order([Open("a1", "a"), Open("a2", "a"), Open("b1", "b"), Open("b2", "b")], ("a", 300), ("b", 100)).ShouldBe(["b1", "b2", "a1", "a2"]);

    [Fact]
    public void What_several_wait_for_goes_in_the_turn_of_whoever_has_the_least() =>
        Order([Open("b1", "b"), Open("shared", "b"), Open("shared", "a")], ("a", 100), ("b", 300)).ShouldBe(["shared", "b1", "shared"]);

    [Fact]
    public void A_priority_stands_whoever_got_what() =>
        Order([Open("i", "a", Priority.Interactive), Open("r", "", Priority.Refresh), Open("f", "b")], ("a", 9000)).ShouldBe(["i", "r", "f"]);

    [Fact]
    public void What_may_not_be_sent_yet_goes_before_nothing() =>
        Order([Open("a1", "a"), Open("b1", "b") with { Checkpoint = new() { NotBefore = Now.AddMinutes(1) } }], ("a", 300)).ShouldBe(["a1", "b1"]);

    [Fact]
    public void Labs_and_budgets_do_not_change_places()
    {
        var other = Open("x", "b") with { };
        other = other with { Search = other.Search with { LabId = "other" } };
        Order([Open("a1", "a"), other], ("a", 300)).ShouldBe(["a1", "x"]);
    }

    [Fact]
    public void Who_got_nothing_for_the_better_part_of_a_day_goes_first_once()
    {
        var old = Open("f", "b");
        old = old with { Search = old.Search with { CreatedAt = Now.AddHours(-30) } };
        OpenSearch[] open = [Open("i", "a", Priority.Interactive), old];
        Fairness.Order(open, _ => new("b", 0, Now.AddHours(-20)), Now).Select(each => each.Search.SearchId).ShouldBe(["f", "i"]);
        Fairness.Order(open, _ => new("b", 0, Now.AddHours(-19)), Now).Select(each => each.Search.SearchId).ShouldBe(["i", "f"]);
        Fairness.Order(open, _ => new("b", 0, LastAt: null), Now).Select(each => each.Search.SearchId).ShouldBe(["f", "i"]);
    }

    [Fact]
    public void A_merged_page_counts_by_use_and_what_nobody_wants_evenly()
    {
        var page = new Outcome
        {
            Class = ApiErrorClass.Ok,
            VideoIds = [.. Enumerable.Range(0, 90).Select(number => $"{number}")],
            Unmatched = 10,
            Matches = new Dictionary<string, int>(StringComparer.Ordinal) { ["x"] = 60, ["y"] = 20 },
        };
        var wanted = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal) { ["a"] = Set("x"), ["b"] = Set("x", "y"), ["c"] = Set("z") };

        var parts = Fairness.Parts(100, page, wanted);

        (parts["a"], parts["b"], parts["c"]).ShouldBe((30 + (20.0 / 3), 50 + (20.0 / 3), 20.0 / 3));
        Fairness.Parts(0, new() { Class = ApiErrorClass.Ok }, wanted).Values.ShouldAllBe(part => part == 1.0 / 3, "an empty page is somebody's too");
        Fairness.Parts(40, new() { Class = ApiErrorClass.Ok, VideoIds = page.VideoIds }, new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal) { ["a"] = Set("x") })["a"].ShouldBe(40);
    }

    [Fact]
    public void Whatever_a_page_brings_its_parts_make_the_whole()
    {
        var random = new Random(20261129);
        for (var page = 0; page < 500; page++)
        {
            CheckParts(random);
        }
    }

    private static void CheckParts(Random random)
    {
        var videos = random.Next(0, 101);
        var page = new Outcome
        {
            Class = ApiErrorClass.Ok,
            VideoIds = [.. Enumerable.Range(0, videos).Select(number => $"{number}")],
            Unmatched = random.Next(0, videos + 1),
            Matches = Enumerable.Range(0, random.Next(5)).ToDictionary(clause => $"{clause}", _ => random.Next(0, 101), StringComparer.Ordinal),
        };
        var wanted = Enumerable.Range(0, random.Next(1, 5)).ToDictionary(
            caller => $"{caller}", IReadOnlySet<string> (_) => Enumerable.Range(0, 6).Where(_ => random.Next(2) == 0).Select(clause => $"{clause}").ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var positions = random.Next(0, 150);

        var parts = Fairness.Parts(positions, page, wanted);

        parts.Keys.ShouldBe(wanted.Keys, ignoreOrder: true);
        parts.Values.Sum().ShouldBe(Math.Max(1, positions), 1e-6);
        parts.Values.ShouldAllBe(part => part >= 0);
    }

    /// <summary>Callers of equal weight whose pages bring different numbers come to equal shares of a day.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Callers_come_to_equal_shares_of_what_is_delivered(int seed)
    {
        var random = new Random(seed);
        var callers = Enumerable.Range(0, 5).Select(number => (Name: $"caller-{number}", Dense: 5 + random.Next(95))).ToList();
        var turns = LabTurns.None;
        var now = Now;
        for (var unit = 0; unit < 900; unit++, now = now.AddSeconds(30))
        {
            // The first has a hundred searches and came first; that helps it nothing.
            OpenSearch[] open = [.. callers.SelectMany(caller => Enumerable.Range(0, caller == callers[0] ? 8 : 1).Select(number => Open($"{caller.Name}/{number}", caller.Name)))];
            var next = Fairness.Order(open, each => turns.Of(each.Caller, now), now)[0].Caller;
            var dense = callers.Single(caller => caller.Name == next).Dense;
            turns = turns.With(new Dictionary<string, double>(StringComparer.Ordinal) { [next] = random.Next(1, dense + 1) }, now);
        }

        var shares = turns.Turns.Select(turn => turn.Positions).ToList();
        var jain = Math.Pow(shares.Sum(), 2) / (shares.Count * shares.Sum(share => share * share));
        jain.ShouldBeGreaterThanOrEqualTo(0.95);
    }

    private static IEnumerable<string> Order(IReadOnlyList<OpenSearch> open, params (string Caller, double Positions)[] got) =>
        Fairness.Order(open, each => new(each.Caller, got.FirstOrDefault(turn => turn.Caller == each.Caller).Positions, Now), Now).Select(each => each.Search.SearchId);

    private static OpenSearch Open(string id, string caller, Priority priority = Priority.Backfill) => new(
        new()
        {
            LabId = "lab",
            SearchId = id,
            Kind = SearchKind.Videos,
            Class = ClauseClass.Hashtag,
            Window = new(new(2026, 1, 1), new(2026, 1, 31)),
            Clauses = [],
            Priority = priority,
            CreatedAt = Now.AddHours(-1),
        },
        new(),
        [])
    {
        Caller = caller,
    };

    private static HashSet<string> Set(params IEnumerable<string> clauses) => clauses.ToHashSet(StringComparer.Ordinal);
}
