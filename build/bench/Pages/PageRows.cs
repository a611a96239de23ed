using IssueObservatory.Mesh.Normalizer;

namespace IssueObservatory.Mesh.Bench;

/// <summary>The rows that one page leaves in the normalizer's two files, table by table, to be inserted bare into one file with the same tables.</summary>
internal sealed class PageRows
{
    // Which rows are a page's: those with its id, or with the numbers of the changes that it made.
    private static readonly (string Table, string OfPage)[] Records =
    [
        ("content_records", "last_sequence > @1 AND last_sequence <= @2"),
        ("matches", "first_sequence > @1 AND first_sequence <= @2"),
        ("observations", "page_id = @0"),
        ("changes", "sequence > @1 AND sequence <= @2"),
        ("sequences", "last = @2"),
        ("normalized_pages", "page_id = @0"),
    ];

    private static readonly (string Table, string OfPage)[] Names = [("identified", "page_id = @0")];

    private readonly List<(string Sql, object[][] Rows)> tables = [];

    /// <summary>Keeps the pages once and looks what each has left.</summary>
    public static async Task<IReadOnlyList<PageRows>> LeftByAsync(IReadOnlyList<StoredPage> pages, PageNormalizer normalizer, string labId, CancellationToken cancellationToken)
    {
        using var workplace = new Workplace();
        using var store = SqliteRecordStore.Open(workplace.PathOf("normalizer.db"), workplace.PathOf("identified.db"));
        using var records = new BareSqlite(workplace.PathOf("normalizer.db"));
        using var names = new BareSqlite(workplace.PathOf("identified.db"));
        List<PageRows> all = [];
        var before = 0L;
        foreach (var page in pages)
        {
            await store.KeepAsync(labId, normalizer.Normalize(page), StandingClock.Now, cancellationToken);
            var after = (long)records.Rows("SELECT last FROM sequences")[0][0];
            var rows = new PageRows();
            rows.Read(records, Records, page.PageId, before, after);
            rows.Read(names, Names, page.PageId, before, after);
            all.Add(rows);
            before = after;
        }

        return all;
    }

    /// <summary>An empty file with the same tables, keys and indexes.</summary>
    public static BareSqlite Create(Workplace workplace) => new(workplace.PathOf("bare.db"), [.. NormalizerSchema.Records, .. NormalizerSchema.Identified]);

    /// <summary>Inserts them in one transaction.</summary>
    public void Insert(BareSqlite file)
    {
        file.Run("BEGIN IMMEDIATE");
        foreach (var (sql, rows) in tables)
        {
            foreach (var row in rows)
            {
                file.Run(sql, row);
            }
        }

        file.Run("COMMIT");
    }

    private void Read(BareSqlite file, (string Table, string OfPage)[] ofFile, string pageId, long before, long after)
    {
        foreach (var (table, ofPage) in ofFile)
        {
            var rows = file.Rows($"SELECT * FROM {table} WHERE {ofPage}", pageId, before, after);
            if (rows.Length == 0)
            {
                throw new InvalidOperationException($"A page left nothing in {table}.");
            }

            var values = string.Join(", ", Enumerable.Range(0, rows[0].Length).Select(column => $"@{column}"));
            tables.Add(($"{(table == "sequences" ? "REPLACE" : "INSERT")} INTO {table} VALUES ({values})", rows));
        }
    }
}
