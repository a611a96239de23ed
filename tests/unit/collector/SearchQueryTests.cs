using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class SearchQueryTests
{
    [Fact]
    public void Merged_hashtags_become_one_IN_and_the_rest_is_shared()
    {
        Body(Search(clauses: [Tag("a"), Tag("b")])).ShouldContain("""{"operation":"IN","field_name":"hashtag_name","field_values":["a","b"]}""");
        Body(Search(clauses: [Tag("a"), Tag("b")])).ShouldContain("""{"operation":"EQ","field_name":"region_code","field_values":["DK"]}""");
    }

    [Fact]
    public void Merged_accounts_become_one_IN_and_what_else_they_ask_stays_a_condition_of_its_own()
    {
        Clause On(string name) => ClauseIds.Identify(new() { Class = ClauseClass.Username, Username = name, Keywords = { "valg" }, Hashtags = { "dkpol" } });

        var body = Body(Search(clauses: [On("ft"), On("dr")]));

        body.ShouldContain("""{"operation":"IN","field_name":"username","field_values":["ft","dr"]}""");
        body.ShouldContain("""{"operation":"EQ","field_name":"keyword","field_values":["valg"]}""");
        body.ShouldContain("""{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}""");
    }

    [Fact]
    public void A_clause_that_serves_two_stretches_of_days_is_named_once()
    {
        var search = Search(clauses: [Video("7")]);
        search = search with { Clauses = [new(Video("7"), Days("2026-01-01", "2026-01-01")), new(Video("7"), Days("2026-01-03", "2026-01-03"))] };

        Body(search).ShouldContain("""{"operation":"EQ","field_name":"video_id","field_values":["7"]}""");
    }

    [Fact]
    public void A_later_page_repeats_everything_and_adds_where_it_starts()
    {
        var first = Body(Search());
        var second = Body(Search(), SecondPage());

        using var one = JsonDocument.Parse(first);
        using var two = JsonDocument.Parse(second);
        one.RootElement.TryGetProperty("search_id", out _).ShouldBeFalse();
        one.RootElement.TryGetProperty("cursor", out _).ShouldBeFalse();
        two.RootElement.GetProperty("cursor").GetInt64().ShouldBe(100);
        two.RootElement.GetProperty("search_id").GetString().ShouldBe("7");
        two.RootElement.GetProperty("query").GetRawText().ShouldBe(one.RootElement.GetProperty("query").GetRawText());
    }

    private static string Body(Search search, Checkpoint? checkpoint = null)
    {
        var request = SearchQueries.Next(search, checkpoint ?? Checkpoint.Start);
        request.Validate().ShouldBeEmpty();
        return Encoding.UTF8.GetString(request.WriteBody());
    }
}
