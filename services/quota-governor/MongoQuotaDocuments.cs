using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// The collections of <see cref="MongoQuotaStore"/>: <c>quota_budgets</c>, a document per lab that decides; <c>quota_journal</c> and <c>quota_days</c>,
/// where lines and days go that no decision needs any more.
/// </summary>
internal sealed class MongoQuotaDocuments(IMongoDatabase database)
{
    /// <summary>The database; the journal and the days are found by <c>_id</c>.</summary>
    public static readonly MongoSchema Schema = new(
        "quota-governor",
        1,
        new Dictionary<string, IReadOnlyList<MongoIndex>>(StringComparer.Ordinal) { [Budgets] = [new("unannounced", new("budgets.announced_day", 1))] });

    private const string Budgets = "quota_budgets";
    private const string Journal = "quota_journal";
    private const string Days = "quota_days";
    private const int DuplicateKey = 11000;

    /// <summary>A lab's budgets as they are now.</summary>
    public async Task<LabBudgets> FindAsync(string labId, CancellationToken cancellationToken) =>
        await FindAsync(Budgets, labId, cancellationToken) is { } document ? MongoQuotaMapping.ReadLab(document) : LabBudgets.Nothing(labId);

    /// <summary>
    /// The grant of that id, wherever it is. <paramref name="lab"/> MUST have been read before: a grant that has left it since then was in the journal before it left.
    /// </summary>
    public async Task<QuotaGrant?> FindGrantAsync(LabBudgets lab, string grantId, CancellationToken cancellationToken) =>
        lab.Find(grantId) ?? (await FindAsync(Journal, MongoQuotaMapping.LineId(lab.LabId, grantId), cancellationToken) is { } line ? MongoQuotaMapping.ReadLine(line) : null);

    /// <summary>The lab with a day of a budget, should that have left it: late reports and clocks that are set back need it again.</summary>
    public async Task<LabBudgets> WithDayAsync(LabBudgets lab, LabBudget budget, DateOnly day, CancellationToken cancellationToken) =>
        budget.MayHaveMoved(day) && await FindAsync(Days, MongoQuotaMapping.DayId(budget.Key, day), cancellationToken) is { } document
            ? lab.WithDay(budget.Key, MongoQuotaMapping.ReadDay(document))
            : lab;

    /// <summary>Labs with a budget that has not heard of a day's opening.</summary>
    public async Task<IReadOnlyList<LabBudgets>> ListUnannouncedAsync(DateOnly day, CancellationToken cancellationToken) =>
    [
        .. (await database.GetCollection<BsonDocument>(Budgets)
            .Find(new BsonDocument("budgets.announced_day", new BsonDocument("$lt", UtcDay.Text(day))))
            .ToListAsync(cancellationToken)).Select(MongoQuotaMapping.ReadLab),
    ];

    /// <summary>The one update that decides: true when nobody has changed the lab since <paramref name="before"/> was read.</summary>
    public async Task<bool> TryReplaceAsync(LabBudgets before, LabBudgets after, CancellationToken cancellationToken)
    {
        try
        {
            return await database.GetCollection<BsonDocument>(Budgets).FindOneAndUpdateAsync<BsonDocument>(
                new BsonDocument { ["_id"] = before.LabId, ["version"] = before.Version },
                new BsonDocument("$set", MongoQuotaMapping.Write(after)),
                new FindOneAndUpdateOptions<BsonDocument, BsonDocument>
                {
                    IsUpsert = before.Version == 0, ReturnDocument = ReturnDocument.After, Projection = new BsonDocument("_id", 1),
                },
                cancellationToken) is not null;
        }
        catch (MongoCommandException refused) when (refused.Code == DuplicateKey)
        {
            // The lab was born meanwhile.
            return false;
        }
    }

    /// <summary>Writes what is about to leave a lab; repeated, or late, it changes nothing.</summary>
    public async Task WriteAsync(LabBudgets leaving, CancellationToken cancellationToken)
    {
        await WriteAsync(Journal, leaving.Budgets.SelectMany(budget => budget.Grants.Select(MongoQuotaMapping.WriteLine)), cancellationToken);
        await WriteAsync(Days, leaving.Budgets.SelectMany(budget => budget.Days.Select(day => MongoQuotaMapping.WriteDay(budget.Key, day))), cancellationToken);
    }

    private async Task WriteAsync(string collection, IEnumerable<BsonDocument> documents, CancellationToken cancellationToken)
    {
        var models = documents.Select(document => new ReplaceOneModel<BsonDocument>(
            new BsonDocument { ["_id"] = document["_id"], ["v"] = new BsonDocument("$lt", document["v"]) }, document) { IsUpsert = true }).ToList();
        if (models.Count == 0)
        {
            return;
        }

        try
        {
            await database.GetCollection<BsonDocument>(collection).BulkWriteAsync(models, new BulkWriteOptions { IsOrdered = false }, cancellationToken);
        }
        catch (MongoBulkWriteException<BsonDocument> refused) when (refused.WriteConcernError is null && refused.WriteErrors.All(error => error.Code == DuplicateKey))
        {
            // Somebody wrote the same, or what came later, before us.
        }
    }

    private async Task<BsonDocument?> FindAsync(string collection, string id, CancellationToken cancellationToken) =>
        await database.GetCollection<BsonDocument>(collection).Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(cancellationToken);
}
