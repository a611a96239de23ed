namespace IssueObservatory.Mesh.Collector;

/// <summary>Tables of <c>collector.db</c>. Days are day numbers, times Unix milliseconds, enums their numbers.</summary>
internal static class CollectorSchema
{
    public static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE collections (
            lab_id TEXT NOT NULL, collection_id TEXT NOT NULL, request_id TEXT NOT NULL, created_at INTEGER NOT NULL,
            active INTEGER NOT NULL, ended INTEGER NOT NULL, max_results INTEGER NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (lab_id, collection_id)) WITHOUT ROWID;
        CREATE UNIQUE INDEX collections_request ON collections (lab_id, request_id);

        CREATE TABLE collection_clauses (
            lab_id TEXT NOT NULL, collection_id TEXT NOT NULL, ordinal INTEGER NOT NULL, clause_id TEXT NOT NULL, clause TEXT NOT NULL,
            term TEXT NOT NULL, input TEXT NOT NULL, from_day INTEGER NOT NULL, to_day INTEGER NOT NULL,
            PRIMARY KEY (lab_id, collection_id, ordinal)) WITHOUT ROWID;

        CREATE TABLE collection_profiles (
            lab_id TEXT NOT NULL, collection_id TEXT NOT NULL, username TEXT NOT NULL,
            PRIMARY KEY (lab_id, collection_id, username)) WITHOUT ROWID;

        CREATE TABLE searches (
            lab_id TEXT NOT NULL, search_id TEXT NOT NULL, kind INTEGER NOT NULL, priority INTEGER NOT NULL, created_at INTEGER NOT NULL,
            ordinal INTEGER NOT NULL, status INTEGER NOT NULL, not_before INTEGER NOT NULL, begun INTEGER NOT NULL, in_flight INTEGER NOT NULL,
            payer TEXT NOT NULL, refresh_id TEXT NOT NULL, username TEXT NOT NULL, answered INTEGER NOT NULL, announced INTEGER NOT NULL,
            covered_from INTEGER, covered_to INTEGER, document TEXT NOT NULL, checkpoint TEXT NOT NULL,
            PRIMARY KEY (lab_id, search_id)) WITHOUT ROWID;
        CREATE INDEX searches_open ON searches (status, priority, begun, created_at) WHERE status = 0;
        CREATE INDEX searches_in_flight ON searches (in_flight) WHERE in_flight = 1;
        CREATE INDEX searches_profile ON searches (lab_id, username, kind, status);
        CREATE INDEX searches_refresh ON searches (refresh_id) WHERE refresh_id <> '' AND announced = 0;

        CREATE TABLE search_clauses (
            lab_id TEXT NOT NULL, clause_id TEXT NOT NULL, search_id TEXT NOT NULL, from_day INTEGER NOT NULL, to_day INTEGER NOT NULL,
            PRIMARY KEY (lab_id, clause_id, search_id, from_day)) WITHOUT ROWID;
        CREATE INDEX search_clauses_search ON search_clauses (lab_id, search_id);

        CREATE TABLE search_collections (
            lab_id TEXT NOT NULL, search_id TEXT NOT NULL, collection_id TEXT NOT NULL,
            PRIMARY KEY (lab_id, search_id, collection_id)) WITHOUT ROWID;
        CREATE INDEX search_collections_collection ON search_collections (lab_id, collection_id);

        CREATE TABLE coverage (
            lab_id TEXT NOT NULL, clause_id TEXT NOT NULL, day INTEGER NOT NULL, state INTEGER NOT NULL, reason INTEGER NOT NULL,
            detail TEXT NOT NULL, log_id TEXT NOT NULL, retry_at INTEGER NOT NULL, search_id TEXT NOT NULL,
            PRIMARY KEY (lab_id, clause_id, day)) WITHOUT ROWID;

        CREATE TABLE profiles (
            lab_id TEXT NOT NULL, username TEXT NOT NULL, outcome TEXT NOT NULL, read_at INTEGER NOT NULL,
            PRIMARY KEY (lab_id, username)) WITHOUT ROWID;

        CREATE TABLE raw_pages (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            lab_id TEXT NOT NULL, page_id TEXT NOT NULL, search_id TEXT NOT NULL, kind INTEGER NOT NULL, cursor INTEGER NOT NULL, attempt INTEGER NOT NULL,
            status INTEGER NOT NULL, fault TEXT NOT NULL, error_code TEXT NOT NULL, log_id TEXT NOT NULL, sha256 TEXT NOT NULL, body BLOB NOT NULL,
            target TEXT NOT NULL, request_body BLOB NOT NULL, headers TEXT NOT NULL, latency_ms INTEGER NOT NULL, grant_id TEXT NOT NULL,
            collector_version TEXT NOT NULL, fetched_at INTEGER NOT NULL, tiktok_search_id TEXT NOT NULL, video_ids TEXT NOT NULL,
            payer TEXT NOT NULL, normalized INTEGER NOT NULL);
        CREATE UNIQUE INDEX raw_pages_id ON raw_pages (lab_id, page_id);
        CREATE UNIQUE INDEX raw_pages_place ON raw_pages (lab_id, search_id, cursor, attempt);
        CREATE INDEX raw_pages_unanswered ON raw_pages (sequence) WHERE normalized = 0
        """,
        """
        ALTER TABLE searches ADD COLUMN holder TEXT NOT NULL DEFAULT '';
        ALTER TABLE searches ADD COLUMN holder_epoch INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX raw_pages_unanswered_search ON raw_pages (lab_id, search_id, payer) WHERE normalized = 0;

        CREATE TABLE instances (
            instance TEXT NOT NULL PRIMARY KEY, epoch INTEGER NOT NULL, beats INTEGER NOT NULL) WITHOUT ROWID
        """,

        // Profiles (endpoint 2, searches of kind 1) were the only lists before.
        """
        CREATE TABLE lists (
            lab_id TEXT NOT NULL, endpoint INTEGER NOT NULL, subject TEXT NOT NULL, result INTEGER NOT NULL, reason TEXT NOT NULL,
            items INTEGER NOT NULL, is_cut INTEGER NOT NULL, log_id TEXT NOT NULL, read_at INTEGER NOT NULL,
            PRIMARY KEY (lab_id, endpoint, subject)) WITHOUT ROWID;
        INSERT INTO lists SELECT lab_id, 2, username, CASE outcome WHEN 'ok' THEN 1 WHEN 'failed' THEN 3 ELSE 2 END,
            CASE WHEN outcome IN ('ok', 'failed') THEN '' ELSE outcome END, outcome = 'ok', 0, '', read_at FROM profiles;
        DROP TABLE profiles;

        CREATE TABLE collection_lists (
            lab_id TEXT NOT NULL, collection_id TEXT NOT NULL, endpoint INTEGER NOT NULL, subject TEXT NOT NULL,
            PRIMARY KEY (lab_id, collection_id, endpoint, subject)) WITHOUT ROWID;
        INSERT INTO collection_lists SELECT lab_id, collection_id, 2, username FROM collection_profiles;
        DROP TABLE collection_profiles;

        DROP INDEX searches_profile;
        ALTER TABLE searches RENAME COLUMN username TO subject;
        ALTER TABLE searches ADD COLUMN endpoint INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE searches ADD COLUMN bucket INTEGER NOT NULL DEFAULT 1;
        UPDATE searches SET endpoint = 2 WHERE kind = 1;
        CREATE INDEX searches_list ON searches (lab_id, endpoint, subject, status) WHERE subject <> ''
        """,

        // A class, whoever found out: blackouts belong to no lab. What a search asks for stands beside it, so that explorations can choose.
        """
        CREATE TABLE blackouts (
            class INTEGER NOT NULL, day INTEGER NOT NULL, light INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
            tries INTEGER NOT NULL, log_ids TEXT NOT NULL,
            PRIMARY KEY (class, day)) WITHOUT ROWID;

        CREATE TABLE explorations (
            class INTEGER NOT NULL PRIMARY KEY, ended INTEGER NOT NULL, at INTEGER NOT NULL, tester TEXT NOT NULL, anchor INTEGER NOT NULL,
            holds_from INTEGER NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;

        ALTER TABLE searches ADD COLUMN class INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE searches ADD COLUMN from_day INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE searches ADD COLUMN to_day INTEGER NOT NULL DEFAULT 0;
        UPDATE searches SET class = json_extract(document, '$.Class'),
            from_day = CAST(julianday(json_extract(document, '$.Window.From')) - julianday('0001-01-01') AS INTEGER),
            to_day = CAST(julianday(json_extract(document, '$.Window.To')) - julianday('0001-01-01') AS INTEGER)
        WHERE status = 0
        """,

        // What days brought, and when they were read; of days that were read before, nobody knows.
        """
        ALTER TABLE coverage ADD COLUMN videos INTEGER;
        ALTER TABLE coverage ADD COLUMN read_at INTEGER;
        ALTER TABLE coverage ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE searches ADD COLUMN brought TEXT NOT NULL DEFAULT ''
        """,

        """
        ALTER TABLE collections ADD COLUMN due_at INTEGER;
        ALTER TABLE collections ADD COLUMN rests_until INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX collections_due ON collections (due_at) WHERE due_at IS NOT NULL
        """,

        // Whose turn it is: callers share a budget.
        """
        ALTER TABLE searches ADD COLUMN caller TEXT NOT NULL DEFAULT ''
        """,

        // Whether TikTok answers at all: one row.
        """
        CREATE TABLE outage (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL)
        """,

        // What a lab has learnt of merging a class, and which searches others may still join.
        """
        CREATE TABLE merging (lab_id TEXT NOT NULL, class INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (lab_id, class)) WITHOUT ROWID;

        ALTER TABLE searches ADD COLUMN merge_key TEXT NOT NULL DEFAULT '';
        CREATE INDEX searches_waiting ON searches (lab_id, merge_key) WHERE merge_key <> '' AND status = 0 AND begun = 0
        """,

        // What TikTok should hear of, and what was told. Of pages that were kept before, nobody knows.
        """
        ALTER TABLE raw_pages ADD COLUMN incident INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX raw_pages_incidents ON raw_pages (lab_id, fetched_at) WHERE incident <> 0;

        CREATE TABLE support_notes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            lab_id TEXT NOT NULL, note_id TEXT NOT NULL, kind INTEGER NOT NULL, noted_at INTEGER NOT NULL, text TEXT NOT NULL);
        CREATE UNIQUE INDEX support_notes_id ON support_notes (lab_id, note_id)
        """,

        // What each caller of a lab has got of late.
        """
        CREATE TABLE turns (lab_id TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID
        """,

        // A search that several callers wait for stands in the turn of each.
        """
        ALTER TABLE collections ADD COLUMN caller TEXT NOT NULL DEFAULT '';
        UPDATE collections SET caller = coalesce(json_extract(document, '$.Caller'), '');
        ALTER TABLE searches DROP COLUMN caller
        """,

        // SQLite takes a lab for a few rows, so queries name their index where it would read the whole lab.
        """
        CREATE INDEX searches_of_refresh ON searches (lab_id, refresh_id) WHERE refresh_id <> '';
        CREATE INDEX collections_unfinished ON collections (lab_id, collection_id) WHERE ended = 0
        """,

        // What a plan, a list and the look for healed days need of collections, without the rest of their rows.
        """
        CREATE INDEX collections_inactive ON collections (lab_id, collection_id) WHERE active = 0;
        CREATE INDEX collections_newest ON collections (lab_id, created_at DESC, collection_id DESC);
        CREATE INDEX collections_dark ON collections (created_at, collection_id) WHERE ended = 1 AND json_array_length(document, '$.DarkGaps') > 0
        """,
    ];
}
