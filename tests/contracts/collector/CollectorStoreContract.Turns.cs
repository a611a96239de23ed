using IssueObservatory.Mesh.Collector;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>What each caller of a lab has got.</summary>
public abstract partial class CollectorStoreContract
{
    [Fact]
    public async Task What_callers_got_is_the_labs_own_and_no_part_that_is_added_at_once_is_lost()
    {
        var one = Store;
        var other = Beside(one);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? one : other).ChangeTurnsAsync(Lab, known => Got(known, $"arena.{i % 3}/$x", i), None))));
        await Store.ChangeTurnsAsync("other", known => Got(known, "arena.0/$x", 7), None);

        var turns = await Store.ReadTurnsAsync(Lab, None);
        Enumerable.Range(0, 3).Select(caller => turns.Of($"arena.{caller}/$x", Now)).ShouldBe(
            Enumerable.Range(0, 3).Select(caller => new CallerTurn($"arena.{caller}/$x", Enumerable.Range(0, 20).Where(i => i % 3 == caller).Sum(), Now)));
        (await Store.ReadTurnsAsync("other", None)).Turns.ShouldHaveSingleItem().Positions.ShouldBe(7);
        (await Store.ReadTurnsAsync("nobody", None)).Turns.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_several_callers_wait_for_stands_in_the_turn_of_each_behind_nobody_elses_work()
    {
        await SubmitAsync(Collection("c0") with { Caller = "a" }, [Asked(Word("z"), January)]);
        await SubmitAsync(Collection("c1", createdAt: Now.AddSeconds(1)) with { Caller = "a" }, [.. Enumerable.Range(0, 20).Select(i => Asked(Tag($"t{i}"), new(January.From.AddDays(i), January.To)))]);
        await SubmitAsync(Collection("c2", createdAt: Now.AddSeconds(2)) with { Caller = "b" }, [Asked(Tag("t19"), new(January.From.AddDays(19), January.To))]);
        await SubmitAsync(Collection("c3", createdAt: Now.AddSeconds(3)) with { Caller = "a" }, [Asked(Tag("t19"), new(January.From.AddDays(19), January.To))]);

        var open = await Store.ListOpenAsync(awake: null, Now.AddSeconds(4), 4, None);

        open.GroupBy(each => each.Caller).Select(caller => (caller.Key, caller.Count())).ShouldBe([("a", 4), ("b", 1)], ignoreOrder: true);
        open.Single(each => each.Caller == "b").ShouldSatisfyAllConditions(
            shared => shared.Search.Clauses.ShouldHaveSingleItem().Clause.ClauseId.ShouldBe(Tag("t19").ClauseId),
            shared => shared.Collections.ShouldBe(["c1", "c2", "c3"]));
        (await Store.ListOpenAsync(awake: null, Now.AddSeconds(4), 40, None)).Count(each => each.Search.Clauses.Any(clause => clause.Clause.ClauseId == Tag("t19").ClauseId)).ShouldBe(2, "once for each caller");
    }

    private static LabTurns Got(LabTurns known, string caller, double positions) =>
        known.With(new Dictionary<string, double>(StringComparer.Ordinal) { [caller] = positions }, Now);
}
