using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.Tests;

/// <summary>Which declared index answers a query: the one that begins with all fields that the query fixes, followed by the one that it ranges or sorts over.</summary>
internal static class MongoIndexUse
{
    private static readonly string[] Ranges = ["$gt", "$gte", "$lt", "$lte"];

    /// <summary>Names of the indexes of the collection that answer the query well; there should be exactly one.</summary>
    public static IReadOnlyList<string> IndexesFor(MongoSchema schema, string collection, BsonDocument filter, BsonDocument? sort = null)
    {
        var conditions = filter.Elements.Where(condition => condition.Name != "$or").ToList();
        var ranges = conditions.Where(condition => IsRange(condition.Value)).Select(condition => condition.Name).ToList();
        var equal = conditions.Select(condition => condition.Name).Except(ranges, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var next = ranges.Concat(sort?.Names.Take(1) ?? []).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. schema.Indexes.GetValueOrDefault(collection, [])
                .Where(index => equal.SetEquals(index.Keys.Names.Take(equal.Count)))
                .Where(index => next.Count == 0 || next.Contains(index.Keys.Names.ElementAtOrDefault(equal.Count) ?? ""))
                .Select(index => index.Name),
        ];
    }

    private static bool IsRange(BsonValue condition) => condition is BsonDocument operators && operators.Names.Any(Ranges.Contains);
}
