using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The names, in a file of their own. Writing is idempotent and later readings win, so a page may be written again after a crash.</summary>
internal sealed class SqliteNames(SqliteFile file)
{
    private const int OldProfilesPerBatch = 500;

    private const string PutName = """
        INSERT INTO identified (lab_id, platform_id, username, other_username, fields, read_at, page_id, position) VALUES (@lab, @id, @name, @other, @fields, @at, @page, @position)
        ON CONFLICT DO UPDATE SET username = excluded.username, other_username = excluded.other_username, fields = excluded.fields,
            read_at = excluded.read_at, page_id = excluded.page_id, position = excluded.position
        WHERE (excluded.read_at, excluded.page_id, excluded.position) > (read_at, page_id, position)
        """;

    private const string Names = "SELECT platform_id, username, other_username, fields FROM json_each(@ids) CROSS JOIN identified ON lab_id = @lab AND platform_id = value";

    public async Task KeepAsync(string labId, NormalizedPage page, CancellationToken cancellationToken)
    {
        if (!page.NamedItems.Any())
        {
            return;
        }

        await file.WriteAsync(
            session =>
            {
                foreach (var item in page.NamedItems)
                {
                    var (names, version) = (item.Names!, item.Stored.Version);
                    session.Execute(
                        PutName,
                        ("@lab", labId), ("@id", item.Stored.Key), ("@name", names.Username), ("@other", names.OtherUsername), ("@fields", names.FieldsText),
                        ("@at", version.At), ("@page", version.Page), ("@position", version.Position));
                }
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<ViewedItem>> AddToAsync(string labId, IReadOnlyList<ViewedItem> items, CancellationToken cancellationToken)
    {
        if (!items.Any(item => item.MayBeNamed))
        {
            return items;
        }

        var keys = JsonSerializer.Serialize(items.Where(item => item.MayBeNamed).Select(item => item.Stored.Key));
        var rows = await file.ReadAsync(
            session => session.Query(Names, reader => (Key: reader.GetString(0), Names: new KeptNames(Text(reader, 1), Text(reader, 2), Text(reader, 3) is { } fields ? StoredItemJson.ReadFields(fields) : null)), ("@lab", labId), ("@ids", keys)),
            cancellationToken);
        return ViewedItem.WithNames(items, rows.ToDictionary(row => row.Key, row => row.Names, StringComparer.Ordinal));
    }

    public async Task<IReadOnlyList<OldProfile>> ListOldProfilesAsync(CancellationToken cancellationToken) =>
        await file.ReadAsync(
            session => session.Query(
                "SELECT lab_id, username, document, fetched_at, page_id FROM profiles LIMIT @limit",
                row => new OldProfile(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4)),
                ("@limit", OldProfilesPerBatch)),
            cancellationToken);

    public Task ForgetAsync(OldProfile profile, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session => session.Execute("DELETE FROM profiles WHERE lab_id = @lab AND username = @name", ("@lab", profile.LabId), ("@name", profile.Username)),
            cancellationToken);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
