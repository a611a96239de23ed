using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class QueryRegionsTests
{
    private static readonly Condition Word = Condition.Eq(ConditionField.Keyword, "valg");

    [Fact]
    public void A_query_without_a_region_looks_everywhere()
    {
        Of(new VideoQuery().AllOf(Word)).ShouldBeNull();
        Of(new VideoQuery().AllOf(Word).NoneOf(In("DK"))).ShouldBeNull();
        Of(new VideoQuery().AnyOf(Word, In("DK"))).ShouldBeNull();
    }

    [Fact]
    public void What_all_conditions_have_in_common_and_none_excludes_is_looked_into()
    {
        Of(new VideoQuery().AllOf(Word, In("SE", "DK"))).ShouldBe(["DK", "SE"]);
        Of(new VideoQuery().AllOf(In("SE", "DK", "NO"), In("NO", "DK")).NoneOf(In("NO"))).ShouldBe(["DK"]);
        Of(new VideoQuery().AllOf(Word).AnyOf(In("SE"), In("DK"))).ShouldBe(["DK", "SE"]);
        Of(new VideoQuery().AllOf(In("SE")).AnyOf(In("DK"), Word)).ShouldBe(["SE"]);
    }

    [Fact]
    public void The_condition_that_leaves_no_region_is_named_with_what_it_contradicts()
    {
        Contradiction(new VideoQuery().AllOf(In("DK"), Word, In("SE", "NO")))
            .ShouldBe("query.and[2] asks for NO, SE where the conditions before it leave only DK; allowed are conditions with a region in common, or one IN with all regions");
        Contradiction(new VideoQuery().AllOf(In("DK", "SE"), In("SE", "NO"), In("DK"))).ShouldStartWith("query.and[2] asks for DK where the conditions before it leave only SE;");
        Contradiction(new VideoQuery().AllOf(In("DK")).AnyOf(In("SE"), In("NO"))).ShouldStartWith("query.or asks for NO, SE where the conditions before it leave only DK;");
    }

    [Fact]
    public void To_exclude_every_region_that_is_asked_for_is_a_contradiction()
    {
        Contradiction(new VideoQuery().AllOf(In("SE", "DK")).NoneOf(In("DK"), Word, In("NO", "SE")))
            .ShouldBe("query.not excludes every region that is asked for: DK, SE; allowed is to leave one of them");
        QueryRegions.Of(new VideoQuery().AllOf(In("SE", "DK")).NoneOf(In("DK"))).Contradiction.ShouldBeNull();
    }

    [Fact]
    public void Where_a_query_looks_is_told_in_a_few_words()
    {
        QueryRegions.Of(new VideoQuery().AllOf(In("SE", "DK"))).ToString().ShouldBe("DK, SE");
        QueryRegions.Of(new VideoQuery().AllOf(In("SE", "DK", "NO", "FI", "IS", "GL", "FO"))).ToString().ShouldBe("DK, FI, FO, GL, …");
        QueryRegions.Of(new VideoQuery().AllOf(Word)).ToString().ShouldBe("all regions");
        QueryRegions.Of(new VideoQuery().AllOf(Word).NoneOf(In("US", "DK"))).ToString().ShouldBe("all regions but DK, US");
    }

    private static Condition In(params string[] codes) => Condition.In(ConditionField.RegionCode, codes);

    private static IReadOnlyList<string>? Of(VideoQuery query)
    {
        var regions = QueryRegions.Of(query);
        regions.Contradiction.ShouldBeNull();
        return regions.Codes;
    }

    private static string Contradiction(VideoQuery query)
    {
        var contradiction = QueryRegions.Of(query).Contradiction.ShouldNotBeNull();
        return $"{contradiction.Path} {contradiction.Message}";
    }
}
