using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>How large the documents are that <c>build/decisions/0001-mongodb.md</c> counts with.</summary>
public sealed class MongoCollectorSizeTests
{
    private const string ClauseId = "0123456789abcdef0123456789abcdef";
    private const string SearchId = "019d00000000700080000000000000aa";

    [Fact]
    public void A_page_without_its_body_is_about_4_kB()
    {
        var ids = Enumerable.Range(0, 100).Select(i => (7_300_000_000_000_000_000 + i).ToString(CultureInfo.InvariantCulture)).ToArray();
        var open = new OpenSearch(SearchOf(1), Checkpoint.Start, []);
        var page = Page(open, Ok(more: true, ids), "grant-0123456789abcdef0123456789abcdef") with { RequestBody = new byte[400] };

        MongoCollectorDocuments.Of(new KeptPage(page, ids, "019d0000000012345678"), 1_000_000, 1).ToBson().Length.ShouldBeInRange(3_600, 4_500);
    }

    [Theory]
    [InlineData(1, 1_000, 1_500)]
    [InlineData(60, 13_000, 18_000)]
    public void A_search_grows_with_the_clauses_that_it_merges(int clauses, int least, int most) =>
        MongoCollectorDocuments.Of(new SearchRecord { Search = SearchOf(clauses), Collections = ["019d0000000012345678"] }).ToBson().Length.ShouldBeInRange(least, most);

    [Fact]
    public void A_covered_month_of_a_clause_is_about_3_kB()
    {
        var days = DayCoverage.Complete(ClauseId, January, new() { Search = Sample.Refresh(SearchId), Brought = new() { Since = Sample.Now } }, new Dictionary<string, IReadOnlyList<CoveredDay>>());
        var month = new BsonDocument { ["_id"] = MongoCollectorDocuments.MonthKey(Lab, ClauseId, January.From), ["clause"] = ClauseId, ["days"] = new BsonDocument() };

        MongoCollectorDocuments.With(month, days).ToBson().Length.ShouldBeInRange(2_900, 3_700);
    }

    [Fact]
    public void A_collection_without_what_it_asked_for_is_about_1_kB() =>
        MongoCollectorDocuments.Of(Collection("019d0000000012345678") with { Spec = new string('x', 300) }).ToBson().Length.ShouldBeInRange(700, 1_100);

    private static Search SearchOf(int clauses) => new()
    {
        LabId = Lab,
        SearchId = SearchId,
        Kind = SearchKind.Videos,
        Class = ClauseClass.Hashtag,
        Window = January,
        Clauses = [.. Enumerable.Range(0, clauses).Select(i => new SearchClause(Tag(string.Create(CultureInfo.InvariantCulture, $"hashtag{i}")), January))],
        Priority = Priority.Interactive,
        CreatedAt = Now,
    };
}
