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
        """
        ALTER TABLE quota_buckets ADD COLUMN policy TEXT;
        ALTER TABLE quota_days ADD COLUMN refresh_used INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE quota_days ADD COLUMN interactive_hours TEXT NOT NULL DEFAULT '';
        ALTER TABLE quota_days ADD COLUMN callers TEXT NOT NULL DEFAULT '';
        ALTER TABLE quota_journal ADD COLUMN caller TEXT NOT NULL DEFAULT '';
        ALTER TABLE quota_journal ADD COLUMN wanted_hour INTEGER;
        CREATE TABLE quota_refresh_demand (
            lab_id TEXT NOT NULL PRIMARY KEY, told_at INTEGER NOT NULL, due TEXT NOT NULL, days TEXT NOT NULL, served INTEGER NOT NULL) WITHOUT ROWID;
        """,
    ];

    private const string GrantColumns =
        "lab_id, grant_id, account, bucket, priority, day, epoch, granted_at, expires_at, state, charged, late, sent_at, settled_at, caller, wanted_hour";

    private const string DayColumns = "day, used, interactive_used, spent, refresh_used, interactive_hours, callers";

    /// <summary>The grant of that id, whatever became of it.</summary>
    public QuotaGrant? Find(string labId, string grantId) =>
        session.First($"SELECT {GrantColumns} FROM quota_journal WHERE lab_id = @lab AND grant_id = @grant", ReadGrant, ("@lab", labId), ("@grant", grantId));

    /// <summary>Every grant that was not marked SENT has expired.</summary>
    public void ExpireUnsent() =>
        session.Execute("UPDATE quota_journal SET expires_at = granted_at WHERE state = @reserved", ("@reserved", (int)GrantState.Reserved));

    /// <summary>
    /// All that a decision needs; the days before only where they are asked for. The indexes are named because SQLite, left alone, walks the lab's whole
    /// journal instead.
    /// </summary>
    public BucketState Load(QuotaKey key, DateTimeOffset now, bool withHistory)
    {
        var day = UtcDay.Of(now);
        var yesterday = UtcDay.Text(day.AddDays(-1));
        var carriedOver = session.Number(
            "SELECT COUNT(*) FROM quota_journal INDEXED BY quota_late WHERE lab_id = @lab AND account = @account AND bucket = @bucket AND day = @day AND late = 1 AND charged = 1",
            [.. Names(key), ("@day", yesterday)]);
        var open = session.Query(
            $"SELECT {GrantColumns} FROM quota_journal INDEXED BY quota_open WHERE lab_id = @lab AND account = @account AND bucket = @bucket AND day >= @day AND state <= 1",
            ReadGrant,
            [.. Names(key), ("@day", yesterday)]);
        return new()
        {
            Key = key,
            Course = LoadCourse(key),
            Today = LoadDay(key, day),
            CarriedOver = carriedOver,
            Open = open,
            Policy = LoadPolicy(key),
            History = withHistory ? LoadHistory(key, day) : [],
            Refresh = LoadRefresh(key.LabId),
        };
    }

    /// <summary>How a budget's grants have followed each other.</summary>
    public Course LoadCourse(QuotaKey key) => session.First(
        """
        SELECT epoch, rate, paused_until, refusals, last_grant_at, last_background_at FROM quota_buckets
        WHERE lab_id = @lab AND account = @account AND bucket = @bucket
        """,
        row => new Course(row.GetInt64(0), new(row.GetDouble(1), ReadTime(row, 2), row.GetInt32(3)), ReadTime(row, 4), ReadTime(row, 5)),
        Names(key)) ?? Course.Start(options.RequestsPerSecond);

    /// <summary>What the lab's refreshes need; null when nobody told.</summary>
    public RefreshDemand? LoadRefresh(string labId) => session.First(
        "SELECT told_at, due, days, served FROM quota_refresh_demand WHERE lab_id = @lab",
        row => new RefreshDemand
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
            Due = RefreshDemand.ReadDue(row.GetString(1)),
            Days = RefreshDemand.ReadDays(row.GetString(2)),
            Served = row.GetInt64(3),
        },
        ("@lab", labId));

    /// <summary>Writes what the lab's refreshes need.</summary>
    public void Save(string labId, RefreshDemand demand) => session.Execute(
        "INSERT OR REPLACE INTO quota_refresh_demand (lab_id, told_at, due, days, served) VALUES (@lab, @at, @due, @days, @served)",
        ("@lab", labId),
        ("@at", Milliseconds(demand.At)),
        ("@due", demand.DueText()),
        ("@days", demand.DaysText()),
        ("@served", demand.Served));

    /// <summary>Writes what a decision changed, if anything.</summary>
    public void Write(QuotaChange? change)
    {
        if (change is null)
        {
            return;
        }

        foreach (var grant in change.Grants)
        {
            Put(grant);
        }

        foreach (var charge in change.Charges)
        {
            Charge(change.Key, charge);
        }

        if (change.Course is { } course)
        {
            Save(change.Key, course, change.Today);
        }

        if (change.Policy is { } policy)
        {
            session.Execute("UPDATE quota_buckets SET policy = @policy WHERE lab_id = @lab AND account = @account AND bucket = @bucket", [.. Names(change.Key), ("@policy", policy.Write())]);
        }

        if (change.RefreshUnits != 0 && LoadRefresh(change.Key.LabId) is { } demand)
        {
            Save(change.Key.LabId, demand.With(change.RefreshUnits));
        }
    }

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

    private void Save(QuotaKey key, Course course, DateOnly today) => session.Execute(
        """
        INSERT INTO quota_buckets (lab_id, account, bucket, epoch, rate, paused_until, refusals, last_grant_at, last_background_at, announced_day, sequence)
        VALUES (@lab, @account, @bucket, @epoch, @rate, @paused, @refusals, @granted, @background, @day, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM quota_buckets WHERE lab_id = @lab))
        ON CONFLICT DO UPDATE SET epoch = excluded.epoch, rate = excluded.rate, paused_until = excluded.paused_until, refusals = excluded.refusals,
            last_grant_at = excluded.last_grant_at, last_background_at = excluded.last_background_at, sequence = excluded.sequence
        """,
        [
            .. Names(key),
            ("@epoch", course.Epoch),
            ("@rate", course.Pace.RequestsPerSecond),
            ("@paused", Milliseconds(course.Pace.PausedUntil)),
            ("@refusals", course.Pace.Refusals),
            ("@granted", Milliseconds(course.LastGrantAt)),
            ("@background", Milliseconds(course.LastBackgroundAt)),
            ("@day", UtcDay.Text(today)),
        ]);

    private void Put(QuotaGrant grant) => session.Execute(
        $"""
        INSERT INTO quota_journal ({GrantColumns})
        VALUES (@lab, @grant, @account, @bucket, @priority, @day, @epoch, @granted, @expires, @state, @charged, @late, @sent, @settled, @caller, @wanted)
        ON CONFLICT DO UPDATE SET state = excluded.state, charged = excluded.charged, late = excluded.late, sent_at = excluded.sent_at, settled_at = excluded.settled_at
        """,
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
            ("@sent", Milliseconds(grant.SentAt)),
            ("@settled", Milliseconds(grant.SettledAt)),
            ("@caller", grant.Caller),
            ("@wanted", grant.WantedHour),
        ]);

    private void Charge(QuotaKey key, DayCharge charge)
    {
        var day = LoadDay(key, charge.Day).With(charge);
        session.Execute(
            $"""
            INSERT OR REPLACE INTO quota_days (lab_id, account, bucket, {DayColumns})
            VALUES (@lab, @account, @bucket, @day, @used, @interactive, @spent, @refresh, @hours, @callers)
            """,
            [
                .. Names(key),
                ("@day", UtcDay.Text(day.Day)),
                ("@used", day.Used),
                ("@interactive", day.InteractiveUsed),
                ("@spent", day.Spent),
                ("@refresh", day.RefreshUsed),
                ("@hours", day.HoursText()),
                ("@callers", day.CallersText()),
            ]);
    }

    private DayUse LoadDay(QuotaKey key, DateOnly day) => session.First(
        $"SELECT {DayColumns} FROM quota_days WHERE lab_id = @lab AND account = @account AND bucket = @bucket AND day = @day",
        ReadDay,
        [.. Names(key), ("@day", UtcDay.Text(day))]) ?? DayUse.Nothing(day);

    /// <summary>However long the history is, as many days as are looked at.</summary>
    private List<DayUse> LoadHistory(QuotaKey key, DateOnly today) => session.Query(
        $"SELECT {DayColumns} FROM quota_days WHERE lab_id = @lab AND account = @account AND bucket = @bucket AND day >= @first AND day < @day",
        ReadDay,
        [.. Names(key), ("@first", UtcDay.Text(today.AddDays(-InteractiveDemand.DaysKept))), ("@day", UtcDay.Text(today))]);

    private BudgetPolicy? LoadPolicy(QuotaKey key) => session.First(
        "SELECT policy FROM quota_buckets WHERE lab_id = @lab AND account = @account AND bucket = @bucket AND policy IS NOT NULL",
        row => BudgetPolicy.Read(row.GetString(0)),
        Names(key));

    private static DayUse ReadDay(SqliteDataReader row) => new(UtcDay.Parse(row.GetString(0)), row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3))
    {
        RefreshUsed = row.GetInt64(4),
        Hours = DayUse.ReadHours(row.GetString(5)),
        Callers = DayUse.ReadCallers(row.GetString(6)),
    };

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
        Caller = row.GetString(14),
        WantedHour = row.IsDBNull(15) ? null : row.GetInt32(15),
    };
}
