using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class ClauseIdTests
{
    [Fact]
    public void The_order_and_repetition_of_atoms_regions_and_fields_make_no_difference()
    {
        var one = ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { "b", "a", "a" }, Keywords = { "y", "x" }, RegionCodes = { "SE", "DK" }, Fields = { "id", "create_time" } });
        var other = ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { "a", "b" }, Keywords = { "x", "y", "x" }, RegionCodes = { "DK", "SE" }, Fields = { "create_time", "id" } });

        one.ShouldBe(other);
        one.ClauseId.Length.ShouldBe(32);
    }

    [Fact]
    public void An_account_is_the_same_in_capitals()
    {
        var clause = ClauseIds.Identify(new() { Class = ClauseClass.Username, Username = "DRnyheder" });

        clause.ShouldBe(ClauseIds.Identify(new() { Class = ClauseClass.Username, Username = "drnyheder" }));
        clause.Username.ShouldBe("drnyheder");
    }

    [Fact]
    public void Whatever_asks_something_else_has_another_id()
    {
        Clause[] clauses =
        [
            new() { Class = ClauseClass.Hashtag, Hashtags = { "a" } },
            new() { Class = ClauseClass.Hashtag, Hashtags = { "A" } },
            new() { Class = ClauseClass.Hashtag, Hashtags = { "a", "b" } },
            new() { Class = ClauseClass.Hashtag, Hashtags = { "a" }, Keywords = { "b" } },
            new() { Class = ClauseClass.Keyword, Keywords = { "a" } },
            new() { Class = ClauseClass.Keyword, Keywords = { "ab" } },
            new() { Class = ClauseClass.Keyword, Keywords = { "a", "b" } },
            new() { Class = ClauseClass.Keyword, Keywords = { "a" }, RegionCodes = { "DK" } },
            new() { Class = ClauseClass.Keyword, Keywords = { "a" }, Fields = { "DK" } },
            new() { Class = ClauseClass.Username, Username = "a" },
            new() { Class = ClauseClass.Id, VideoId = "a" },
            new() { Class = ClauseClass.Query, QueryJson = "a" },
        ];

        clauses.Select(clause => ClauseIds.Identify(clause).ClauseId).ShouldBeUnique();
    }

    [Fact]
    public void Identifying_twice_changes_nothing_and_the_given_clause_stays_as_it_was()
    {
        var given = new Clause { Class = ClauseClass.Hashtag, Hashtags = { "b", "a" } };
        var once = ClauseIds.Identify(given);

        ClauseIds.Identify(once).ShouldBe(once);
        given.Hashtags.ShouldBe(["b", "a"]);
        given.ClauseId.ShouldBeEmpty();
    }
}
