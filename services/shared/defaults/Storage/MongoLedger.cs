using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>How far a lab's changes are.</summary>
/// <param name="Version">Number of the last change that was decided; 0 before the first.</param>
/// <param name="Pending">The redo record of that change while it may be half written; otherwise null.</param>
/// <param name="Recent">Ids of the last changes, the latest last.</param>
/// <param name="Hold">Somebody who was disturbed too often and asks the others to wait a moment; otherwise empty.</param>
internal sealed record MongoLedgerState(long Version, BsonDocument? Pending, BsonArray Recent, string Hold);

/// <summary>
/// The one document of a lab that decides. A change happens at the moment in which this document counts up; what it writes follows from the redo record,
/// by whichever process comes first. Documents carry the number of the change that wrote them, so a late repetition never undoes a later change.
/// </summary>
internal sealed class MongoLedger(IMongoDatabase database, string labId)
{
    private const string Name = "labs";
    private const int Remembered = 64;
    private const int DuplicateKey = 11000;
    private const int Batch = 1000;

    private readonly MongoRedo redo = new(database);

    private IMongoCollection<BsonDocument> Labs => database.GetCollection<BsonDocument>(Name);

    public static async Task<IReadOnlyList<string>> ListLabsAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var labs = await database.GetCollection<BsonDocument>(Name).Find(new BsonDocument()).Project<BsonDocument>(new BsonDocument("_id", 1)).ToListAsync(cancellationToken);
        return [.. labs.Select(lab => lab["_id"].AsString).Order(StringComparer.Ordinal)];
    }

    public async Task<MongoLedgerState> ReadAsync(CancellationToken cancellationToken) =>
        await Labs.Find(MongoStore.ById(labId)).FirstOrDefaultAsync(cancellationToken) is { } lab
            ? new(lab["version"].AsInt64, lab["pending"].IsBsonNull ? null : lab["pending"].AsBsonDocument, lab["recent"].AsBsonArray, lab.GetValue("hold", "").AsString)
            : new(0, null, [], "");

    /// <summary>The state after everything that was decided has been written.</summary>
    public async Task<MongoLedgerState> SettleAsync(CancellationToken cancellationToken)
    {
        for (var unreadable = 0L; ;)
        {
            var state = await ReadAsync(cancellationToken);
            if (state.Pending is not { } record)
            {
                return state;
            }

            if (unreadable == state.Version)
            {
                throw new InvalidOperationException($"The redo record {state.Version} of a lab is incomplete.");
            }

            unreadable = await TryWriteAsync(state.Version, record, cancellationToken) ? 0 : state.Version;
        }
    }

    /// <summary>Asks the others to wait. A courtesy: nothing is wrong when they do not.</summary>
    public Task HoldAsync(string hold, CancellationToken cancellationToken) => SetHoldAsync(MongoStore.ById(labId), hold, cancellationToken);

    /// <summary>Ends the asking, unless somebody else asks by now.</summary>
    public Task ReleaseAsync(string hold, CancellationToken cancellationToken) =>
        SetHoldAsync(new BsonDocument { ["_id"] = labId, ["hold"] = hold }, "", cancellationToken);

    /// <summary>Decides a change: true when it is the one after <paramref name="before"/>, false when another was.</summary>
    public async Task<bool> TryDecideAsync(MongoLedgerState before, BsonDocument record, CancellationToken cancellationToken)
    {
        BsonArray recent = [.. before.Recent.Skip(before.Recent.Count - Remembered + 1), record["id"]];
        return await TryMoveAsync(before.Version, new() { ["version"] = before.Version + 1, ["pending"] = record, ["recent"] = recent }, cancellationToken);
    }

    /// <summary>
    /// Whether a change whose answer was lost has been decided. When it has not, the number is used up by an empty change,
    /// so that the request, should it still be on its way, comes too late.
    /// </summary>
    public async Task<bool> WasDecidedAsync(MongoLedgerState before, string changeId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = await ReadAsync(cancellationToken);
            if (now.Recent.Contains(changeId))
            {
                return true;
            }

            if (now.Version > before.Version)
            {
                return now.Version - before.Version < Remembered ? false : throw new TimeoutException("The outcome of a change was not learnt in time.");
            }

            await TryMoveAsync(before.Version, new() { ["version"] = before.Version + 1, ["pending"] = BsonNull.Value, ["recent"] = before.Recent }, cancellationToken);
        }
    }

    /// <summary>Writes what a redo record says and then crosses it out. Repeating it, at any later time, changes nothing; false when it is gone by now.</summary>
    public async Task<bool> TryWriteAsync(long version, BsonDocument record, CancellationToken cancellationToken)
    {
        if (await redo.ReadAsync(labId, version, record, cancellationToken) is not { } writes)
        {
            return false;
        }

        foreach (var collection in writes)
        {
            foreach (var documents in collection.Chunk(Batch))
            {
                await WriteAsync(collection.Key, documents, version, cancellationToken);
                await Failpoints.HitAsync(FailpointNames.StoreHalfApplied, cancellationToken);
            }
        }

        await Failpoints.HitAsync(FailpointNames.StoreBeforeClear, cancellationToken);

        await Labs.UpdateOneAsync(
            new BsonDocument { ["_id"] = labId, ["version"] = version, ["pending.id"] = record["id"] },
            new BsonDocument("$set", new BsonDocument("pending", BsonNull.Value)),
            cancellationToken: cancellationToken);
        await redo.ForgetAsync(labId, version, record, cancellationToken);
        return true;
    }

    private Task SetHoldAsync(BsonDocument filter, string hold, CancellationToken cancellationToken) =>
        Labs.UpdateOneAsync(filter, new BsonDocument("$set", new BsonDocument("hold", hold)), cancellationToken: cancellationToken);

    private async Task WriteAsync(string name, IReadOnlyCollection<BsonDocument> documents, long version, CancellationToken cancellationToken)
    {
        var collection = database.GetCollection<BsonDocument>(name);
        try
        {
            await collection.BulkWriteAsync(
                documents.Select(document => new ReplaceOneModel<BsonDocument>(
                    new BsonDocument { ["_id"] = document["_id"], ["v"] = new BsonDocument("$lt", version) },
                    document) { IsUpsert = true }),
                new BulkWriteOptions { IsOrdered = false },
                cancellationToken);
        }
        catch (MongoBulkWriteException<BsonDocument> refused) when (refused.WriteConcernError is null && refused.WriteErrors.All(error => error.Code == DuplicateKey))
        {
            // A document that is there with this version, or a later one, was not to be replaced. Any other duplicate would be a defect.
            var ids = new BsonArray(refused.WriteErrors.Select(error => documents.ElementAt(error.Index)["_id"]));
            var written = await collection.CountDocumentsAsync(
                new BsonDocument { ["_id"] = new BsonDocument("$in", ids), ["v"] = new BsonDocument("$gte", version) }, cancellationToken: cancellationToken);
            if (written != ids.Count)
            {
                throw new InvalidOperationException($"A change of {name} breaks a unique index.", refused);
            }
        }
    }

    private async Task<bool> TryMoveAsync(long version, BsonDocument next, CancellationToken cancellationToken)
    {
        try
        {
            // Born by the upsert; whoever comes second at that finds the key taken.
            return await Labs.FindOneAndUpdateAsync(
                new BsonDocument { ["_id"] = labId, ["version"] = version, ["pending"] = BsonNull.Value },
                new BsonDocument("$set", next),
                new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = version == 0, ReturnDocument = ReturnDocument.After },
                cancellationToken) is not null;
        }
        catch (MongoCommandException taken) when (taken.Code == DuplicateKey)
        {
            return false;
        }
    }
}
