using System.Reflection;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>An index for every query, and for no other.</summary>
public sealed class MongoCollectorQueryTests
{
    private static readonly IReadOnlyList<MongoCollectorQuery> Queries =
    [
        .. typeof(MongoCollectorQueries).GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Where(method => method.ReturnType == typeof(MongoCollectorQuery))
            .Select(method => (MongoCollectorQuery)method.Invoke(null, [.. method.GetParameters().Select(Argument)])!),
    ];

    [Fact]
    public void Each_query_begins_as_the_index_does_that_it_names()
    {
        Queries.Count.ShouldBeGreaterThan(10);
        foreach (var query in Queries)
        {
            var keys = query.Index == MongoCollectorQueries.ById
                ? ["_id"]
                : MongoCollectorSchema.Schema.Indexes[query.Collection].Single(index => index.Name == query.Index).Keys.Names.ToList();
            var equal = query.Query.Filter.Where(IsEquality).Select(condition => condition.Name).ToHashSet();
            var first = keys.TakeWhile(equal.Contains).Count();

            first.ShouldBeGreaterThan(0, $"{query.Index} of {query.Collection} is entered at its first field");
            if (query.Query.Sort is { } sort && query.Query.Limit > 0)
            {
                keys.Skip(first).Take(sort.ElementCount).ShouldBe(sort.Names, $"{query.Index} of {query.Collection} gives the first ones without sorting all");
            }
        }
    }

    [Fact]
    public void Each_index_serves_a_query()
    {
        var used = Queries.Select(query => (query.Collection, query.Index)).ToHashSet();

        foreach (var (collection, indexes) in MongoCollectorSchema.Schema.Indexes)
        {
            indexes.Select(index => (collection, index.Name)).ShouldBeSubsetOf(used);
            indexes.Select(index => index.Name).ShouldBeUnique();
        }
    }

    [Fact]
    public void A_partial_index_is_entered_by_the_field_that_makes_it_partial()
    {
        foreach (var index in MongoCollectorSchema.Schema.Indexes.Values.SelectMany(indexes => indexes).Where(index => index.Only is not null))
        {
            var field = index.Only!.Names.ShouldHaveSingleItem();
            index.Keys.Names.ShouldContain(field);
            Queries.Where(query => query.Index == index.Name).ShouldAllBe(query => query.Query.Filter.Contains(field));
        }
    }

    private static bool IsEquality(BsonElement condition) =>
        condition.Value is not BsonDocument operators || operators.Names.SequenceEqual(["$in"]);

    private static object Argument(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => parameter.Name == "collection" ? MongoCollectorSchema.Searches : "lab/key",
        var type when type == typeof(IEnumerable<string>) => new[] { "lab/key", "lab/other" },
        var type when type == typeof(int) => 5,
        var type when type == typeof(IEnumerable<int>) => new[] { 1, 2 },
        var type when type == typeof(BsonArray) => new BsonArray { MongoCollectorQueries.NotHeld(2, 739_000) },
        var type when type == typeof(long) => 7L,
        var type when type == typeof(bool) => true,
        var type when type == typeof(QuotaBucket) => QuotaBucket.Follow,
        var type when type == typeof(DateTime) => Sample.Now.UtcDateTime,
        var type => throw new NotSupportedException($"No sample of {type}."),
    };
}
