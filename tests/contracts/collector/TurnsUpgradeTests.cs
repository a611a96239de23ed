using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>A file of a version in which a search stood in the turn of one caller.</summary>
public sealed class TurnsUpgradeTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Its_searches_stand_in_the_turn_of_each_caller_that_waits_for_them()
    {
        var path = folder.PathOf("collector.db");
        var search = new Search { LabId = Lab, SearchId = "s1", Kind = SearchKind.Videos, Class = ClauseClass.Hashtag, Window = January, Clauses = [new(Tag("a"), January)], Priority = Priority.Interactive, CreatedAt = Now };
        using (var old = SqliteFile.Open(path, [.. CollectorSchema.Steps.TakeWhile(step => !step.Contains("DROP COLUMN caller", StringComparison.Ordinal))]))
        {
            await old.WriteAsync(
                session =>
                {
                    session.Execute(
                        """
                        INSERT INTO searches (lab_id, search_id, kind, priority, created_at, ordinal, status, not_before, begun, in_flight, payer, refresh_id, subject, caller, answered, announced, document, checkpoint)
                        VALUES (@lab, 's1', 0, 1, 1, 0, 0, 0, 0, 0, '', '', '', 'arena-1', 1, 0, @document, '{}')
                        """,
                        ("@lab", Lab),
                        ("@document", CollectorJson.Write(search)));
                    foreach (var collection in (CollectionRecord[])[Collection("c1") with { Caller = "arena-1" }, Collection("c2") with { Caller = "arena-2" }, Collection("c3")])
                    {
                        session.Execute(
                            "INSERT INTO collections (lab_id, collection_id, request_id, created_at, active, ended, max_results, document) VALUES (@lab, @id, @id, 1, 1, 0, 0, @document)",
                            ("@lab", Lab),
                            ("@id", collection.CollectionId),
                            ("@document", CollectorJson.Write(collection)));
                        session.Execute("INSERT INTO search_collections (lab_id, search_id, collection_id) VALUES (@lab, 's1', @id)", ("@lab", Lab), ("@id", collection.CollectionId));
                    }
                },
                None);
        }

        using var store = new SqliteCollectorStore(SqliteFile.Open(path, CollectorSchema.Steps), Options);

        (await store.ListOpenAsync(awake: null, Now, 8, None)).Select(open => (open.Search.SearchId, open.Caller)).ShouldBe([("s1", ""), ("s1", "arena-1"), ("s1", "arena-2")]);
    }
}
