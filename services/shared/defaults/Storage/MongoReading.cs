using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Looks into one database, for the length of one read or one change.</summary>
public class MongoReading
{
    private readonly IMongoDatabase database;

    internal MongoReading(IMongoDatabase database) => this.database = database;

    /// <summary>The document, or null.</summary>
    public virtual async Task<BsonDocument?> FindAsync(string collection, string id, CancellationToken cancellationToken) =>
        await Of(collection).Find(MongoStore.ById(id)).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Every document that the filter takes. What a change has put before, it does not see.</summary>
    /// <param name="collection">Where.</param>
    /// <param name="query">Which, in what order, how many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<BsonDocument>> QueryAsync(string collection, MongoQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var found = Of(collection).Find(query.Filter);
        if (query.Sort is { } sort)
        {
            found = found.Sort(sort);
        }

        if (query.Limit > 0)
        {
            found = found.Limit(query.Limit);
        }

        if (query.Fields is { } fields)
        {
            found = found.Project<BsonDocument>(fields);
        }

        return await found.ToListAsync(cancellationToken);
    }

    /// <summary>How many documents the filter takes. What a change has put before, it does not see.</summary>
    public Task<long> CountAsync(string collection, BsonDocument filter, CancellationToken cancellationToken) =>
        Of(collection).CountDocumentsAsync(filter, cancellationToken: cancellationToken);

    /// <summary>What the stages make of a collection. What a change has put before, they do not see.</summary>
    /// <param name="collection">Where.</param>
    /// <param name="stages">The first one takes the documents by an index; typed values only.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<BsonDocument>> AggregateAsync(string collection, BsonDocument[] stages, CancellationToken cancellationToken) =>
        await Of(collection).Aggregate<BsonDocument>(stages, cancellationToken: cancellationToken).ToListAsync(cancellationToken);

    private IMongoCollection<BsonDocument> Of(string collection) => database.GetCollection<BsonDocument>(collection);
}

/// <summary>Which documents of a collection.</summary>
/// <param name="Filter">Typed values only: nothing of a caller's is ever part of a field's name.</param>
public sealed record MongoQuery(BsonDocument Filter)
{
    /// <summary>In what order; null: in any.</summary>
    public BsonDocument? Sort { get; init; }

    /// <summary>The first so many; 0: all.</summary>
    public int Limit { get; init; }

    /// <summary>Which fields; null: all.</summary>
    public BsonDocument? Fields { get; init; }
}
