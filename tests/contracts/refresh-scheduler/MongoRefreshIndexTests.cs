using System.Reflection;
using IssueObservatory.Mesh.RefreshScheduler;
using MongoDB.Bson;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Contracts.RefreshScheduler;

public sealed class MongoRefreshIndexTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Every query but those by <c>_id</c>, with its collection and its index.</summary>
    private static readonly (string Name, string Collection, BsonDocument Filter, BsonDocument? Sort, string Index)[] Queries =
    [
        // Few are due, and of those only the first by deadline are wanted: finding them by the time that they are due and sorting them reads less
        // than walking along the deadlines of all that are not due yet.
        (nameof(MongoRefreshQueries.Due), MongoRefreshSchema.Schedule, MongoRefreshQueries.Due("lab", Now, null, 10).Filter, null, "free_by_due"),
        (nameof(MongoRefreshQueries.Due), MongoRefreshSchema.Schedule, MongoRefreshQueries.Due("lab", Now, new SchedulePosition(Now, "1"), 10).Filter, null, "free_by_due"),
        (nameof(MongoRefreshQueries.DueFilter), MongoRefreshSchema.Schedule, MongoRefreshQueries.DueFilter("lab", Now), null, "free_by_due"),
        (nameof(MongoRefreshQueries.FirstDue), MongoRefreshSchema.Schedule, MongoRefreshQueries.FirstDue("lab").Filter, MongoRefreshQueries.FirstDue("lab").Sort, "free_by_due"),
        (nameof(MongoRefreshQueries.Next), MongoRefreshSchema.Schedule, MongoRefreshQueries.Next("lab", DateOnly.MinValue, DateOnly.MinValue, 10).Filter, null, "free_by_upload"),
        (nameof(MongoRefreshQueries.Dark), MongoRefreshSchema.Schedule, MongoRefreshQueries.Dark("lab", DateOnly.MinValue, DateOnly.MinValue, 10).Filter, null, "free_by_upload"),
        (nameof(MongoRefreshQueries.MissingFilter), MongoRefreshSchema.Schedule, MongoRefreshQueries.MissingFilter("lab"), null, "missing"),

        // Few are missing; sorting them reads less than walking along the ids of all.
        (nameof(MongoRefreshQueries.Missing), MongoRefreshSchema.Schedule, MongoRefreshQueries.Missing("lab", "", 10).Filter, null, "missing"),
        (nameof(MongoRefreshQueries.OverdueFilter), MongoRefreshSchema.Schedule, MongoRefreshQueries.OverdueFilter("lab", Now), null, "overdue"),
        (nameof(MongoRefreshQueries.Open), MongoRefreshSchema.Batches, MongoRefreshQueries.Open("lab", Now).Filter, MongoRefreshQueries.Open("lab", Now).Sort, "open_in_order"),
    ];

    [Fact]
    public void Every_query_has_one_index_and_every_index_a_query()
    {
        foreach (var (name, collection, filter, sort, index) in Queries)
        {
            MongoIndexUse.IndexesFor(MongoRefreshSchema.Database, collection, filter, sort).ShouldBe([index], name);
        }

        Queries.Select(query => query.Index).Distinct(StringComparer.Ordinal)
            .ShouldBe(MongoRefreshSchema.Database.Indexes.Values.SelectMany(indexes => indexes).Select(index => index.Name), ignoreOrder: true);
    }

    [Fact]
    public void No_query_is_left_out_here() =>
        typeof(MongoRefreshQueries).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name)
            .ShouldBe([nameof(MongoRefreshQueries.ById), .. Queries.Select(query => query.Name).Distinct(StringComparer.Ordinal)], ignoreOrder: true);
}
