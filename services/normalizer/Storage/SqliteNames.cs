using System.Text.Json;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The names, in a file of their own. Writing is idempotent and later readings win, so a page may be written again after a crash.</summary>
internal sealed class SqliteNames(SqliteFile file)
{
    private const string PutName = """
        INSERT INTO identified (lab_id, platform_id, username, read_at, page_id, position) VALUES (@lab, @id, @name, @at, @page, @position)
        ON CONFLICT DO UPDATE SET username = excluded.username, read_at = excluded.read_at, page_id = excluded.page_id, position = excluded.position
        WHERE (excluded.read_at, excluded.page_id, excluded.position) > (read_at, page_id, position)
        """;

    private const string PutProfile = """
        INSERT INTO profiles (lab_id, username, document, fetched_at, page_id) VALUES (@lab, @name, @document, @at, @page)
        ON CONFLICT DO UPDATE SET document = excluded.document, fetched_at = excluded.fetched_at, page_id = excluded.page_id
        WHERE (excluded.fetched_at, excluded.page_id) > (fetched_at, page_id)
        """;

    private const string Names = "SELECT platform_id, username FROM json_each(@ids) CROSS JOIN identified ON lab_id = @lab AND platform_id = value";

    public async Task KeepAsync(string labId, NormalizedPage page, CancellationToken cancellationToken)
    {
        if (page.NamedProfile is null && !page.NamedItems.Any())
        {
            return;
        }

        await file.WriteAsync(
            session =>
            {
                foreach (var item in page.NamedItems)
                {
                    session.Execute(PutName, ("@lab", labId), ("@id", item.Video.PlatformId), ("@name", item.Username), ("@at", item.Video.Version.At), ("@page", page.PageId), ("@position", item.Position));
                }

                if (page.NamedProfile is { } profile)
                {
                    session.Execute(PutProfile, ("@lab", labId), ("@name", profile.Username.ToLowerInvariant()), ("@document", profile.Document), ("@at", page.FetchedAt.ToUnixTimeMilliseconds()), ("@page", page.PageId));
                }
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<ViewedVideo>> AddToAsync(string labId, IReadOnlyList<ViewedVideo> videos, CancellationToken cancellationToken)
    {
        if (!videos.Any(video => video.MayBeNamed))
        {
            return videos;
        }

        var ids = JsonSerializer.Serialize(videos.Where(video => video.MayBeNamed).Select(video => video.Video.PlatformId));
        var rows = await file.ReadAsync(
            session => session.Query(Names, reader => (Id: reader.GetString(0), Name: reader.GetString(1)), ("@lab", labId), ("@ids", ids)),
            cancellationToken);
        return ViewedVideo.WithNames(videos, rows.ToDictionary(row => row.Id, row => row.Name, StringComparer.Ordinal));
    }
}
