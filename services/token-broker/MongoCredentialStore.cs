using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>
/// Credentials in MongoDB, a document each, changed by single conditional updates. Of a token the document knows the version and the times;
/// the sealed token itself is in <see cref="RedisTokenCache"/>. A token that is not to be found there counts as none: the next one gets the next version.
/// </summary>
internal sealed class MongoCredentialStore(MongoStore mongo, RedisTokenCache tokens, TimeProvider clock) : ICredentialStore
{
    /// <summary>The database; credentials are found by <c>_id</c>, those of a lab by its beginning.</summary>
    public static readonly MongoSchema Schema = new(
        "token-broker",
        1,
        new Dictionary<string, IReadOnlyList<MongoIndex>>(StringComparer.Ordinal)
        {
            [Credentials] = [new("rejected", new("state", 1)) { Only = new("state", (int)CredentialState.Rejected) }],
        });

    private const string Credentials = "credentials";

    /// <inheritdoc/>
    public async Task<SealedCredential> PutAsync(SealedCredential credential, bool keepToken, CancellationToken cancellationToken)
    {
        var set = new BsonDocument
        {
            ["lab_id"] = credential.Key.LabId,
            ["credential_id"] = credential.Key.CredentialId,
            ["account"] = credential.Account,
            ["state"] = (int)credential.State,
            ["wrapped_key"] = credential.WrappedKey,
            ["secrets"] = credential.Secrets,
            ["updated_at"] = Time(credential.UpdatedAt),
            ["rejection"] = BsonNull.Value,
        };
        var born = new BsonDocument("last_version", 0L);
        (keepToken ? born : set)["token"] = BsonNull.Value;
        var stored = await mongo.UseAsync(
            database => Of(database).FindOneAndUpdateAsync<BsonDocument>(
                ById(credential.Key),
                new BsonDocument { ["$set"] = set, ["$inc"] = new BsonDocument("revision", 1L), ["$setOnInsert"] = born },
                new FindOneAndUpdateOptions<BsonDocument, BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After },
                cancellationToken),
            cancellationToken);
        return await ReadAsync(stored, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SealedCredential?> FindAsync(CredentialKey key, CancellationToken cancellationToken) =>
        await mongo.UseAsync(database => Of(database).Find(ById(key)).FirstOrDefaultAsync(cancellationToken), cancellationToken) is { } document
            ? await ReadAsync(document, cancellationToken)
            : null;

    /// <inheritdoc/>
    public Task<IReadOnlyList<SealedCredential>> ListAsync(string labId, string afterId, int limit, CancellationToken cancellationToken)
    {
        var (from, to) = MongoKey.Under(labId);
        var after = afterId.Length == 0 ? from : MongoKey.Of(labId, afterId);
        return ListAsync(new BsonDocument("_id", new BsonDocument { ["$gt"] = after, ["$lt"] = to }), limit, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SealedCredential>> ListRejectedAsync(CancellationToken cancellationToken) =>
        ListAsync(new BsonDocument("state", (int)CredentialState.Rejected), limit: null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ChangeStateAsync(
        CredentialKey key, long revision, CredentialState from, CredentialState to, Rejection? rejection, DateTimeOffset now, CancellationToken cancellationToken) => TryUpdateAsync(
            ById(key).AddRange(new BsonDocument { ["revision"] = revision, ["state"] = (int)from }),
            new BsonDocument
            {
                ["state"] = (int)to,
                ["rejection"] = rejection is null ? BsonNull.Value : new BsonDocument { ["code"] = rejection.Code, ["log_id"] = rejection.LogId },
                ["updated_at"] = Time(now),
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> SaveTokenAsync(CredentialKey key, long revision, SealedToken token, CancellationToken cancellationToken)
    {
        var isNext = await TryUpdateAsync(
            ById(key).AddRange(new BsonDocument { ["revision"] = revision, ["last_version"] = token.Version - 1 }),
            new BsonDocument
            {
                ["last_version"] = token.Version,
                ["token"] = new BsonDocument
                {
                    ["version"] = token.Version, ["obtained_at"] = Time(token.ObtainedAt), ["expires_at"] = Time(token.ExpiresAt), ["rejected"] = token.Rejected,
                },
            },
            cancellationToken);
        if (isNext)
        {
            await tokens.KeepAsync(key, token, cancellationToken);
        }

        return isNext;
    }

    /// <inheritdoc/>
    public Task RejectTokenAsync(CredentialKey key, long version, CancellationToken cancellationToken) =>
        TryUpdateAsync(ById(key).AddRange(new BsonDocument("token.version", version)), new BsonDocument("token.rejected", true), cancellationToken);

    private static IMongoCollection<BsonDocument> Of(IMongoDatabase database) => database.GetCollection<BsonDocument>(Credentials);

    private static BsonDocument ById(CredentialKey key) => new("_id", MongoKey.Of(key.LabId, key.CredentialId));

    private static BsonDateTime Time(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    private static DateTimeOffset ReadTime(BsonValue value) => DateTimeOffset.FromUnixTimeMilliseconds(value.AsBsonDateTime.MillisecondsSinceEpoch);

    private Task<bool> TryUpdateAsync(BsonDocument filter, BsonDocument set, CancellationToken cancellationToken) => mongo.UseAsync(
        async database => (await Of(database).UpdateOneAsync(filter, new BsonDocument("$set", set), cancellationToken: cancellationToken)).MatchedCount == 1,
        cancellationToken);

    private async Task<IReadOnlyList<SealedCredential>> ListAsync(BsonDocument filter, int? limit, CancellationToken cancellationToken)
    {
        var documents = await mongo.UseAsync(
            database => Of(database).Find(filter).Sort(new BsonDocument("_id", 1)).Limit(limit).ToListAsync(cancellationToken), cancellationToken);
        return await Task.WhenAll(documents.Select(document => ReadAsync(document, cancellationToken)));
    }

    private async Task<SealedCredential> ReadAsync(BsonDocument document, CancellationToken cancellationToken)
    {
        var key = new CredentialKey(document["lab_id"].AsString, document["credential_id"].AsString);
        return new()
        {
            Key = key,
            Account = document["account"].AsString,
            State = (CredentialState)document["state"].AsInt32,
            WrappedKey = document["wrapped_key"].AsByteArray,
            Secrets = document["secrets"].AsByteArray,
            UpdatedAt = ReadTime(document["updated_at"]),
            Revision = document["revision"].ToInt64(),
            Rejection = document["rejection"] is BsonDocument rejection ? new(rejection["code"].AsString, rejection["log_id"].AsString) : null,
            LastVersion = document["last_version"].AsInt64,
            Token = document["token"] is BsonDocument token ? await ReadTokenAsync(key, token, cancellationToken) : null,
        };
    }

    private async Task<SealedToken?> ReadTokenAsync(CredentialKey key, BsonDocument token, CancellationToken cancellationToken)
    {
        var version = token["version"].AsInt64;
        var expiresAt = ReadTime(token["expires_at"]);
        return expiresAt > clock.GetUtcNow() && await tokens.FindAsync(key, version, cancellationToken) is { } content
            ? new() { Version = version, Content = content, ObtainedAt = ReadTime(token["obtained_at"]), ExpiresAt = expiresAt, Rejected = token["rejected"].AsBoolean }
            : null;
    }
}
