namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The two SQLite files. Times are unix milliseconds, days are days as DateOnly counts them.</summary>
internal static class NormalizerSchema
{
    /// <summary><c>normalizer.db</c>: no user name is ever written here.</summary>
    public static readonly IReadOnlyList<string> Records =
    [
        """
        CREATE TABLE content_records (
            lab_id TEXT NOT NULL, platform_id TEXT NOT NULL, published_at INTEGER NOT NULL, language TEXT, last_sequence INTEGER NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (lab_id, platform_id));
        CREATE TABLE matches (
            lab_id TEXT NOT NULL, clause_id TEXT NOT NULL, day INTEGER NOT NULL, platform_id TEXT NOT NULL, attributed INTEGER NOT NULL, first_sequence INTEGER NOT NULL,
            PRIMARY KEY (lab_id, clause_id, day, platform_id)) WITHOUT ROWID;
        CREATE INDEX matches_of_record ON matches (lab_id, platform_id);
        CREATE TABLE observations (
            lab_id TEXT NOT NULL, platform_id TEXT NOT NULL, fetched_at INTEGER NOT NULL, page_id TEXT NOT NULL, position INTEGER NOT NULL,
            views INTEGER, likes INTEGER, shares INTEGER, comments INTEGER,
            PRIMARY KEY (lab_id, platform_id, fetched_at, page_id, position)) WITHOUT ROWID;
        CREATE TABLE changes (
            lab_id TEXT NOT NULL, sequence INTEGER NOT NULL, platform_id TEXT NOT NULL,
            PRIMARY KEY (lab_id, sequence)) WITHOUT ROWID;
        CREATE TABLE sequences (lab_id TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE normalized_pages (
            lab_id TEXT NOT NULL, page_id TEXT NOT NULL, received INTEGER NOT NULL, new_records INTEGER NOT NULL, updated_records INTEGER NOT NULL,
            unattributed INTEGER NOT NULL, quarantined INTEGER NOT NULL, normalized_at INTEGER NOT NULL,
            PRIMARY KEY (lab_id, page_id)) WITHOUT ROWID;
        CREATE TABLE quarantine (
            lab_id TEXT NOT NULL, item_id TEXT NOT NULL, page_id TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL, quarantined_at INTEGER NOT NULL,
            PRIMARY KEY (lab_id, item_id)) WITHOUT ROWID;
        CREATE INDEX quarantine_by_time ON quarantine (lab_id, quarantined_at, item_id);
        CREATE INDEX quarantine_of_page ON quarantine (lab_id, page_id, position);
        CREATE TABLE pseudonyms (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), fingerprint TEXT NOT NULL)
        """,

        // What was kept before are videos. From here on platform_id is a key of StoredTypes, in every table.
        """
        ALTER TABLE content_records ADD COLUMN type TEXT NOT NULL DEFAULT 'video';
        ALTER TABLE matches ADD COLUMN type TEXT NOT NULL DEFAULT 'video'
        """,
    ];

    /// <summary><c>identified.db</c>: names and what names or pictures somebody, nothing else.</summary>
    public static readonly IReadOnlyList<string> Identified =
    [
        """
        CREATE TABLE identified (
            lab_id TEXT NOT NULL, platform_id TEXT NOT NULL, username TEXT NOT NULL, read_at INTEGER NOT NULL, page_id TEXT NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (lab_id, platform_id)) WITHOUT ROWID;
        CREATE TABLE profiles (
            lab_id TEXT NOT NULL, username TEXT NOT NULL, document TEXT NOT NULL, fetched_at INTEGER NOT NULL, page_id TEXT NOT NULL,
            PRIMARY KEY (lab_id, username)) WITHOUT ROWID
        """,

        // One place for every name; the rows of profiles wait there until somebody knows their pseudonyms (OldProfiles).
        """
        CREATE TABLE names (
            lab_id TEXT NOT NULL, platform_id TEXT NOT NULL, username TEXT, other_username TEXT, fields TEXT, read_at INTEGER NOT NULL, page_id TEXT NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (lab_id, platform_id)) WITHOUT ROWID;
        INSERT INTO names SELECT lab_id, platform_id, username, NULL, NULL, read_at, page_id, position FROM identified;
        DROP TABLE identified;
        ALTER TABLE names RENAME TO identified
        """,
    ];
}
