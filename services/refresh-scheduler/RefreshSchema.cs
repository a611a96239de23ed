namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Tables of <c>refresh-scheduler.db</c>. Days are day numbers, times Unix milliseconds.</summary>
internal static class RefreshSchema
{
    public static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE refresh_schedule (
            lab_id TEXT NOT NULL,
            platform_id TEXT NOT NULL,
            published_at INTEGER NOT NULL,
            last_read_at INTEGER NOT NULL,
            missed_at INTEGER,
            looked_at INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            deadline INTEGER NOT NULL,
            refresh_id TEXT,
            PRIMARY KEY (lab_id, platform_id)) WITHOUT ROWID;
        CREATE INDEX refresh_schedule_free ON refresh_schedule (lab_id, deadline, platform_id) WHERE refresh_id IS NULL;
        CREATE INDEX refresh_schedule_uploads ON refresh_schedule (lab_id, published_at) WHERE refresh_id IS NULL;
        CREATE INDEX refresh_schedule_batches ON refresh_schedule (lab_id, refresh_id) WHERE refresh_id IS NOT NULL;
        CREATE TABLE refresh_batches (
            lab_id TEXT NOT NULL,
            refresh_id TEXT NOT NULL,
            position INTEGER NOT NULL,
            first_day INTEGER NOT NULL,
            last_day INTEGER NOT NULL,
            handed_over_at INTEGER,
            PRIMARY KEY (lab_id, refresh_id)) WITHOUT ROWID
        """,
        """
        ALTER TABLE refresh_schedule ADD COLUMN verified_at INTEGER;
        CREATE INDEX refresh_schedule_missing ON refresh_schedule (lab_id, platform_id) WHERE missed_at IS NOT NULL;
        ALTER TABLE refresh_batches ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE refresh_checks (
            lab_id TEXT NOT NULL,
            refresh_id TEXT NOT NULL,
            checks INTEGER NOT NULL,
            items INTEGER NOT NULL,
            answered INTEGER NOT NULL,
            alive INTEGER NOT NULL,
            missing TEXT NOT NULL,
            failure TEXT NOT NULL,
            PRIMARY KEY (lab_id, refresh_id)) WITHOUT ROWID
        """,
        """
        ALTER TABLE refresh_schedule ADD COLUMN dark_since INTEGER;
        """,

        // What is due, without a look at what is not.
        """
        CREATE INDEX refresh_schedule_due ON refresh_schedule (lab_id, due_at, published_at, deadline) WHERE refresh_id IS NULL AND dark_since IS NULL
        """,
    ];
}
