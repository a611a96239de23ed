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

    private static LabTurns Got(LabTurns known, string caller, double positions) =>
        known.With(new Dictionary<string, double>(StringComparer.Ordinal) { [caller] = positions }, Now);
}
