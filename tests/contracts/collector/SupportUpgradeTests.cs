using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>A file of a version that kept no incidents.</summary>
public sealed class SupportUpgradeTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Its_pages_stay_what_they_are_and_have_no_incident_and_notes_can_be_added()
    {
        var path = folder.PathOf("collector.db");
        var search = new Search { LabId = Lab, SearchId = "s1", Kind = SearchKind.Videos, Class = ClauseClass.Hashtag, Window = January, Clauses = [new(Tag("a"), January)], Priority = Priority.Interactive, CreatedAt = Now };
        using (var old = SqliteFile.Open(path, [.. CollectorSchema.Steps.TakeWhile(step => !step.Contains("support_notes", StringComparison.Ordinal))]))
        {
            await old.WriteAsync(
                session =>
                {
                    session.Execute(
                        """
                        INSERT INTO searches (lab_id, search_id, kind, priority, created_at, ordinal, status, not_before, begun, in_flight, payer, refresh_id, subject, answered, announced, document, checkpoint)
                        VALUES (@lab, 's1', 0, 1, 1, 0, 2, 0, 1, 0, '', '', '', 1, 0, @document, '{}')
                        """,
                        ("@lab", Lab),
                        ("@document", CollectorJson.Write(search)));
                    session.Execute(
                        """
                        INSERT INTO raw_pages (lab_id, page_id, search_id, kind, cursor, attempt, status, fault, error_code, log_id, sha256, body, target, request_body, headers,
                            latency_ms, grant_id, collector_version, fetched_at, tiktok_search_id, video_ids, payer, normalized)
                        VALUES (@lab, 'p1', 's1', 1, 0, 0, 401, '', 'access_token_invalid', 'log', 'sha', @body, '/', @body, '{}', 1, 'g', '0.1.0', @at, '', '[]', '', 1)
                        """,
                        ("@lab", Lab),
                        ("@body", PageBody.Pack("{}"u8.ToArray())),
                        ("@at", Now.ToUnixTimeMilliseconds()));
                },
                None);
        }

        using var store = new SqliteCollectorStore(SqliteFile.Open(path, CollectorSchema.Steps), Options);

        (await store.ListIncidentsAsync(Lab, DateTimeOffset.MinValue, None)).ShouldBeEmpty();
        (await store.FindPageAsync(Lab, "p1", None))!.Page.LogId.ShouldBe("log");
        await store.AddSupportNoteAsync(Lab, new("n1", Now, SupportNoteKind.Filed, "ticket"), None);
        (await store.ListSupportNotesAsync(Lab, None)).ShouldHaveSingleItem().Text.ShouldBe("ticket");
    }
}
