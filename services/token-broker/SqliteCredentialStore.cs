using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Credentials and tokens in <c>token-broker.db</c>. Times are unix milliseconds.</summary>
internal sealed class SqliteCredentialStore(SqliteFile file) : ICredentialStore, IDisposable
{
    /// <summary>Steps of the schema.</summary>
    public static readonly IReadOnlyList<string> Schema =
    [
        """
        CREATE TABLE credentials (
            lab_id TEXT NOT NULL, credential_id TEXT NOT NULL, account TEXT NOT NULL, state INTEGER NOT NULL,
            wrapped_key BLOB NOT NULL, secrets BLOB NOT NULL, updated_at INTEGER NOT NULL, revision INTEGER NOT NULL,
            rejected_code TEXT, rejected_log_id TEXT, last_version INTEGER NOT NULL,
            token_version INTEGER, token BLOB, token_obtained_at INTEGER, token_expires_at INTEGER, token_rejected INTEGER,
            PRIMARY KEY (lab_id, credential_id)) WITHOUT ROWID;
        """,
    ];

    private const string Columns =
        """
        lab_id, credential_id, account, state, wrapped_key, secrets, updated_at, revision, rejected_code, rejected_log_id, last_version,
        token_version, token, token_obtained_at, token_expires_at, token_rejected
        """;

    /// <inheritdoc/>
    public Task<SealedCredential> PutAsync(SealedCredential credential, bool keepToken, CancellationToken cancellationToken) => file.WriteAsync(
        session =>
        {
            session.Execute(
                """
                INSERT INTO credentials (lab_id, credential_id, account, state, wrapped_key, secrets, updated_at, revision, last_version)
                VALUES (@lab, @id, @account, @state, @key, @secrets, @now, 1, 0)
                ON CONFLICT DO UPDATE SET account = excluded.account, state = excluded.state, wrapped_key = excluded.wrapped_key, secrets = excluded.secrets,
                    updated_at = excluded.updated_at, revision = revision + 1, rejected_code = NULL, rejected_log_id = NULL
                """,
                [
                    .. Names(credential.Key),
                    ("@account", credential.Account),
                    ("@state", (int)credential.State),
                    ("@key", credential.WrappedKey),
                    ("@secrets", credential.Secrets),
                    ("@now", credential.UpdatedAt.ToUnixTimeMilliseconds()),
                ]);
            if (!keepToken)
            {
                session.Execute(
                    """
                    UPDATE credentials SET token_version = NULL, token = NULL, token_obtained_at = NULL, token_expires_at = NULL, token_rejected = NULL
                    WHERE lab_id = @lab AND credential_id = @id
                    """,
                    Names(credential.Key));
            }

            return Find(session, credential.Key)!;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<SealedCredential?> FindAsync(CredentialKey key, CancellationToken cancellationToken) =>
        file.ReadAsync(session => Find(session, key), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SealedCredential>> ListAsync(string labId, string afterId, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<SealedCredential>>(
            session => session.Query(
                $"SELECT {Columns} FROM credentials WHERE lab_id = @lab AND credential_id > @after ORDER BY credential_id LIMIT @limit",
                Read,
                ("@lab", labId),
                ("@after", afterId),
                ("@limit", limit)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SealedCredential>> ListRejectedAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<SealedCredential>>(
            session => session.Query(
                $"SELECT {Columns} FROM credentials WHERE state = @state ORDER BY lab_id, credential_id", Read, ("@state", (int)CredentialState.Rejected)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ChangeStateAsync(
        CredentialKey key, long revision, CredentialState from, CredentialState to, Rejection? rejection, DateTimeOffset now, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session => session.Execute(
                """
                UPDATE credentials SET state = @to, rejected_code = @code, rejected_log_id = @log, updated_at = @now
                WHERE lab_id = @lab AND credential_id = @id AND revision = @revision AND state = @from
                """,
                [
                    .. Names(key),
                    ("@revision", revision),
                    ("@from", (int)from),
                    ("@to", (int)to),
                    ("@code", rejection?.Code),
                    ("@log", rejection?.LogId),
                    ("@now", now.ToUnixTimeMilliseconds()),
                ]) == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SaveTokenAsync(CredentialKey key, long revision, SealedToken token, CancellationToken cancellationToken) => file.WriteAsync(
        session => session.Execute(
            """
            UPDATE credentials SET last_version = @version, token_version = @version, token = @token, token_obtained_at = @obtained,
                token_expires_at = @expires, token_rejected = @rejected
            WHERE lab_id = @lab AND credential_id = @id AND revision = @revision AND last_version = @version - 1
            """,
            [
                .. Names(key),
                ("@revision", revision),
                ("@version", token.Version),
                ("@token", token.Content),
                ("@obtained", token.ObtainedAt.ToUnixTimeMilliseconds()),
                ("@expires", token.ExpiresAt.ToUnixTimeMilliseconds()),
                ("@rejected", token.Rejected),
            ]) == 1,
        cancellationToken);

    /// <inheritdoc/>
    public Task RejectTokenAsync(CredentialKey key, long version, CancellationToken cancellationToken) => file.WriteAsync(
        session => session.Execute(
            "UPDATE credentials SET token_rejected = 1 WHERE lab_id = @lab AND credential_id = @id AND token_version = @version",
            [.. Names(key), ("@version", version)]),
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static SealedCredential? Find(SqliteSession session, CredentialKey key) =>
        session.First($"SELECT {Columns} FROM credentials WHERE lab_id = @lab AND credential_id = @id", Read, Names(key));

    private static (string Name, object? Value)[] Names(CredentialKey key) => [("@lab", key.LabId), ("@id", key.CredentialId)];

    private static SealedCredential Read(SqliteDataReader row) => new()
    {
        Key = new(row.GetString(0), row.GetString(1)),
        Account = row.GetString(2),
        State = (CredentialState)row.GetInt32(3),
        WrappedKey = row.GetFieldValue<byte[]>(4),
        Secrets = row.GetFieldValue<byte[]>(5),
        UpdatedAt = ReadTime(row, 6),
        Revision = row.GetInt64(7),
        Rejection = row.IsDBNull(8) ? null : new(row.GetString(8), row.GetString(9)),
        LastVersion = row.GetInt64(10),
        Token = row.IsDBNull(11)
            ? null
            : new()
            {
                Version = row.GetInt64(11),
                Content = row.GetFieldValue<byte[]>(12),
                ObtainedAt = ReadTime(row, 13),
                ExpiresAt = ReadTime(row, 14),
                Rejected = row.GetBoolean(15),
            },
    };

    private static DateTimeOffset ReadTime(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
