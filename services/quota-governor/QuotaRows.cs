using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>The rows of <see cref="SqliteQuotaStore"/>, within one transaction. Times are unix milliseconds.</summary>
internal sealed class QuotaRows(SqliteSession session, QuotaGovernorOptions options)
{
    /// <summary>Steps of the schema.</summary>
    public static readonly IReadOnlyList<string> Schema =
    [
        """
        CREATE TABLE quota_buckets (
            lab_id TEXT NOT NULL, account TEXT NOT NULL, bucket INTEGER NOT NULL,
            epoch INTEGER NOT NULL, rate REAL NOT NULL, paused_until INTEGER, refusals INTEGER NOT NULL,
            last_grant_at INTEGER, last_background_at INTEGER, announced_day TEXT NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY (lab_id, account, bucket)) WITHOUT ROWID;
        CREATE TABLE quota_days (
            lab_id TEXT NOT NULL, account TEXT NOT NULL, bucket INTEGER NOT NULL, day TEXT NOT NULL,
            used INTEGER NOT NULL, interactive_used INTEGER NOT NULL, spent INTEGER NOT NULL,
            PRIMARY KEY (lab_id, account, bucket, day)) WITHOUT ROWID;
        CREATE TABLE quota_journal (
            lab_id TEXT NOT NULL, grant_id TEXT NOT NULL, account TEXT NOT NULL, bucket INTEGER NOT NULL, priority INTEGER NOT NULL,
            day TEXT NOT NULL, epoch INTEGER NOT NULL, granted_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
            state INTEGER NOT NULL, charged INTEGER NOT NULL, late INTEGER NOT NULL, sent_at INTEGER, settled_at INTEGER,
            PRIMARY KEY (lab_id, grant_id)) WITHOUT ROWID;
        CREATE INDEX quota_open ON quota_journal (lab_id, account, bucket, day) WHERE state <= 1;
        CREATE INDEX quota_late ON quota_journal (lab_id, account, bucket, day) WHERE late = 1;
        """,
    ];

    private const string GrantColumns =
        "lab_id, grant_id, account, bucket, priority, day, epoch, granted_at, expires_at, state, charged, late, sent_at, settled_at";

    /// <summary>The grant of that id, whatever became of it.</summary>
    public QuotaGrant? Find(string labId, string grantId) =>
        session.First($"SELECT {GrantColumns} FROM quota_journal WHERE lab_id = @lab AND grant_id = @grant", ReadGrant, ("@lab", labId), ("@grant", grantId));

    /// <summary>Every grant that was not marked SENT has expired.</summary>
    public void ExpireUnsent() =>
        session.Execute("UPDATE quota_journal SET expires_at = granted_at WHERE state = @reserved", ("@reserved", (int)GrantState.Reserved));

    /// <summary>All that a decision needs. The indexes are named because SQLite, left alone, walks the lab's whole journal instead.</summary>
    public BucketState Load(QuotaKey key, DateTimeOffset now)
    {
        var day = UtcDay.Of(now);
        var yesterday = UtcDay.Text(day.AddDays(-1));
        var today = session.First(
            "SELECT used, interactive_used, spent FROM quota_days WHERE lab_id = @lab AND account = @account AND bucket = @bucket AND day = @day",
            row => new DayUse(day, row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)),
            [.. Names(key), ("@day", UtcDay.Text(day))]) ?? DayUse.Nothing(day);
        var carriedOver = session.Number(
            "SELECT COUNT(*) FROM quota_journal INDEXED BY quota_late WHERE lab_id = @lab AND account = @account AND bucket = @bucket AND day = @day AND late = 1 AND charged = 1",
            [.. Names(key), ("@day", yesterday)]);
        var open = session.Query(
            $"SELECT {GrantColumns} FROM quota_journal INDEXED BY quota_open WHERE lab_id = @lab AND account = @account AND bucket = @bucket AND day >= @day AND state <= 1",
            ReadGrant,
            [.. Names(key), ("@day", yesterday)]);
        var empty = new BucketState
        {
            Key = key,
            Epoch = 0,
            Pace = Pace.Start(options.RequestsPerSecond),
            LastGrantAt = null,
            LastBackgroundAt = null,
            Today = today,
            CarriedOver = carriedOver,
            Open = open,
        };
        return session.First(
            """
            SELECT epoch, rate, paused_until, refusals, last_grant_at, last_background_at FROM quota_buckets
            WHERE lab_id = @lab AND account = @account AND bucket = @bucket
            """,
            row => empty with
            {
                Epoch = row.GetInt64(0),
                Pace = new(row.GetDouble(1), ReadTime(row, 2), row.GetInt32(3)),
                LastGrantAt = ReadTime(row, 4),
                LastBackgroundAt = ReadTime(row, 5),
            },
            Names(key)) ?? empty;
    }

    /// <summary>The budget after a decision; a budget seen for the first time is born.</summary>
    public void Save(BucketState state) => session.Execute(
        """
        INSERT INTO quota_buckets (lab_id, account, bucket, epoch, rate, paused_until, refusals, last_grant_at, last_background_at, announced_day, sequence)
        VALUES (@lab, @account, @bucket, @epoch, @rate, @paused, @refusals, @granted, @background, @day, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM quota_buckets WHERE lab_id = @lab))
        ON CONFLICT DO UPDATE SET epoch = excluded.epoch, rate = excluded.rate, paused_until = excluded.paused_until, refusals = excluded.refusals,
            last_grant_at = excluded.last_grant_at, last_background_at = excluded.last_background_at, sequence = excluded.sequence
        """,
        [
            .. Names(state.Key),
            ("@epoch", state.Epoch),
            ("@rate", state.Pace.RequestsPerSecond),
            ("@paused", Milliseconds(state.Pace.PausedUntil)),
            ("@refusals", state.Pace.Refusals),
            ("@granted", Milliseconds(state.LastGrantAt)),
            ("@background", Milliseconds(state.LastBackgroundAt)),
            ("@day", UtcDay.Text(state.Today.Day)),
        ]);

    /// <summary>The pace of a budget that has granted before.</summary>
    public Pace PaceOf(QuotaKey key) => session.First(
        "SELECT rate, paused_until, refusals FROM quota_buckets WHERE lab_id = @lab AND account = @account AND bucket = @bucket",
        row => new Pace(row.GetDouble(0), ReadTime(row, 1), row.GetInt32(2)),
        Names(key)) ?? Pace.Start(options.RequestsPerSecond);

    /// <summary>The pace after an outcome.</summary>
    public void SavePace(QuotaKey key, Pace pace) => session.Execute(
        """
        UPDATE quota_buckets SET rate = @rate, paused_until = @paused, refusals = @refusals,
            sequence = (SELECT MAX(sequence) + 1 FROM quota_buckets WHERE lab_id = @lab)
        WHERE lab_id = @lab AND account = @account AND bucket = @bucket
        """,
        [.. Names(key), ("@rate", pace.RequestsPerSecond), ("@paused", Milliseconds(pace.PausedUntil)), ("@refusals", pace.Refusals)]);

    /// <summary>The budget changed otherwise.</summary>
    public void Touch(QuotaKey key) => session.Execute(
        """
        UPDATE quota_buckets SET sequence = (SELECT MAX(sequence) + 1 FROM quota_buckets WHERE lab_id = @lab)
        WHERE lab_id = @lab AND account = @account AND bucket = @bucket
        """,
        Names(key));

    /// <summary>A new line of the journal.</summary>
    public void Insert(QuotaGrant grant) => session.Execute(
        $"INSERT INTO quota_journal ({GrantColumns}) VALUES (@lab, @grant, @account, @bucket, @priority, @day, @epoch, @granted, @expires, @state, @charged, @late, NULL, NULL)",
        [
            .. Names(grant.Key),
            ("@grant", grant.GrantId),
            ("@priority", (int)grant.Priority),
            ("@day", UtcDay.Text(grant.Day)),
            ("@epoch", grant.Epoch),
            ("@granted", Milliseconds(grant.GrantedAt)),
            ("@expires", Milliseconds(grant.ExpiresAt)),
            ("@state", (int)grant.State),
            ("@charged", grant.Charged),
            ("@late", grant.Late),
        ]);

    /// <summary>What became of a grant.</summary>
    public void Update(QuotaGrant grant) => session.Execute(
        "UPDATE quota_journal SET state = @state, charged = @charged, late = @late, sent_at = @sent, settled_at = @settled WHERE lab_id = @lab AND grant_id = @grant",
        ("@lab", grant.Key.LabId),
        ("@grant", grant.GrantId),
        ("@state", (int)grant.State),
        ("@charged", grant.Charged),
        ("@late", grant.Late),
        ("@sent", Milliseconds(grant.SentAt)),
        ("@settled", Milliseconds(grant.SettledAt)));

    /// <summary>Units that the grant's day pays more, or less.</summary>
    public void Charge(QuotaGrant grant, int units) => session.Execute(
        """
        INSERT INTO quota_days (lab_id, account, bucket, day, used, interactive_used, spent) VALUES (@lab, @account, @bucket, @day, @units, @interactive, 0)
        ON CONFLICT DO UPDATE SET used = used + excluded.used, interactive_used = interactive_used + excluded.interactive_used
        """,
        [.. Names(grant.Key), ("@day", UtcDay.Text(grant.Day)), ("@units", units), ("@interactive", grant.Priority is Priority.Interactive ? units : 0)]);

    /// <summary>TikTok said that the grant's day is spent.</summary>
    public void Spend(QuotaGrant grant) => session.Execute(
        """
        INSERT INTO quota_days (lab_id, account, bucket, day, used, interactive_used, spent) VALUES (@lab, @account, @bucket, @day, 0, 0, 1)
        ON CONFLICT DO UPDATE SET spent = 1
        """,
        [.. Names(grant.Key), ("@day", UtcDay.Text(grant.Day))]);

    /// <summary>Accounts of a lab.</summary>
    public List<string> Accounts(string labId) =>
        session.Query("SELECT DISTINCT account FROM quota_buckets WHERE lab_id = @lab", row => row.GetString(0), ("@lab", labId));

    /// <summary>Number of a budget's last change; 0 when there was none.</summary>
    public long Sequence(QuotaKey key) =>
        session.Number("SELECT sequence FROM quota_buckets WHERE lab_id = @lab AND account = @account AND bucket = @bucket", Names(key));

    /// <summary>Accounts that have not heard of a day's opening.</summary>
    public List<KnownAccount> Unannounced(DateOnly day) => session.Query(
        "SELECT DISTINCT lab_id, account FROM quota_buckets WHERE announced_day < @day ORDER BY lab_id, account",
        row => new KnownAccount(row.GetString(0), row.GetString(1)),
        ("@day", UtcDay.Text(day)));

    /// <summary>They have heard now.</summary>
    public void MarkAnnounced(KnownAccount account, DateOnly day) => session.Execute(
        """
        UPDATE quota_buckets SET announced_day = MAX(announced_day, @day),
            sequence = bucket + (SELECT MAX(sequence) FROM quota_buckets WHERE lab_id = @lab)
        WHERE lab_id = @lab AND account = @account
        """,
        ("@lab", account.LabId),
        ("@account", account.Account),
        ("@day", UtcDay.Text(day)));

    private static (string Name, object? Value)[] Names(QuotaKey key) => [("@lab", key.LabId), ("@account", key.Account), ("@bucket", (int)key.Bucket)];

    private static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static DateTimeOffset? ReadTime(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static QuotaGrant ReadGrant(SqliteDataReader row) => new()
    {
        Key = new(row.GetString(0), row.GetString(2), (QuotaBucket)row.GetInt32(3)),
        GrantId = row.GetString(1),
        Priority = (Priority)row.GetInt32(4),
        Day = UtcDay.Parse(row.GetString(5)),
        Epoch = row.GetInt64(6),
        GrantedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
        State = (GrantState)row.GetInt32(9),
        Charged = row.GetBoolean(10),
        Late = row.GetBoolean(11),
        SentAt = ReadTime(row, 12),
        SettledAt = ReadTime(row, 13),
    };
}
