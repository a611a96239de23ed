using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using IssueObservatory.Mesh.Normalizer;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class StoredDocumentTests
{
    [Fact]
    public void The_later_reading_wins_as_a_whole()
    {
        var merged = StoredDocument.Merge(Reading(2, """{"a":2}""") with { Withheld = ["x"] }, Reading(1, """{"a":1,"b":1}"""));
        merged.Fields.ToJsonString().ShouldBe("""{"a":2}""");
        merged.Withheld.ShouldBe(["x"]);
        merged.Set.ShouldBeNull();
    }

    [Fact]
    public void A_set_grows_by_each_page_in_the_order_in_which_its_ids_were_first_seen()
    {
        var second = Reading(2, "{}") with { Set = [new("c", 2, 0), new("a", 2, 1)] };
        var first = Reading(1, "{}") with { Set = [new("b", 1, 0), new("a", 1, 1)] };
        StoredDocument.Merge(second, first).Set!.Select(seen => seen.Id).ShouldBe(["b", "a", "c"]);
    }

    [Fact]
    public void A_set_ends_at_its_largest_size_and_keeps_what_was_seen_first()
    {
        var late = Reading(2, "{}") with { Set = [.. Enumerable.Range(0, 40_000).Select(id => new SeenId($"l{id}", 2, id))] };
        var early = Reading(1, "{}") with { Set = [.. Enumerable.Range(0, 40_000).Select(id => new SeenId($"e{id}", 1, id))] };
        var set = StoredDocument.Merge(late, early).Set!;
        set.Count.ShouldBe(StoredDocument.LargestSet);
        set[39_999].Id.ShouldBe("e39999");
        set[^1].Id.ShouldBe("l9999");
    }

    [Fact]
    public void The_order_grouping_and_repetition_of_readings_never_show()
    {
        Prop.ForAll(Readings().ArrayOf().Where(readings => readings.Length > 0).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (readings, seed) =>
        {
            var random = new Random(seed);
            StoredDocument[] shuffled = [.. readings.Concat(readings.Where(_ => random.Next(2) == 0))];
            random.Shuffle(shuffled);
            var straight = StoredItemJson.Write(readings.Aggregate(StoredDocument.Merge));
            return StoredItemJson.Write(shuffled.Aggregate(StoredDocument.Merge)) == straight
                && StoredItemJson.Write(StoredItemJson.Read(StoredType.Playlist, straight)) == straight;
        }).QuickCheckThrowOnFailure();
    }

    private static Gen<StoredDocument> Readings() =>
        from at in Gen.Choose(1, 4)
        from page in Gen.Elements("a", "b", "c")
        select Filled(new ReadVersion(at, page, 0));

    /// <summary>The same version always says the same.</summary>
    private static StoredDocument Filled(ReadVersion version)
    {
        var random = new Random((int)(version.At * 31) + version.Page[0]);
        return Reading(version.At, $$"""{"n":{{random.Next(9)}},"tekst":"æ","pris":4.5}""") with
        {
            Version = version,
            Withheld = random.Next(2) == 0 ? ["username"] : [],
            Set = [.. Enumerable.Range(0, random.Next(4)).Select(place => new SeenId($"{random.Next(6)}", version.At, place)).DistinctBy(seen => seen.Id)],
        };
    }

    private static StoredDocument Reading(long at, string fields) => new()
    {
        Type = StoredType.Playlist,
        DocumentKey = "1",
        Version = new(at, "p", 0),
        Fields = JsonNode.Parse(fields)!.AsObject(),
    };
}
