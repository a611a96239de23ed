using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What TikTok should hear of, and what the lab noted of its reports.</summary>
internal sealed partial class MongoCollectorStore
{
    public Task<IReadOnlyList<Incident>> ListIncidentsAsync(string labId, DateTimeOffset since, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<Incident>>(
            labId,
            async lab =>
            {
                var pages = await QueryAsync(
                    lab,
                    MongoCollectorQueries.Incidents(labId, since.UtcDateTime),
                    page => (Key: page["search"].AsString, Kind: (IncidentKind)page["incident"].AsInt32, Page: ReadPage(page)),
                    cancellationToken);
                Dictionary<string, Search> searches = new(StringComparer.Ordinal);
                foreach (var keys in pages.Select(page => page.Key).Distinct(StringComparer.Ordinal).Chunk(MostKeys))
                {
                    foreach (var search in await QueryAsync(lab, MongoCollectorQueries.Keys(Searches, keys), ReadSearch, cancellationToken))
                    {
                        searches.Add(MongoKey.Of(labId, search.Search.SearchId), search.Search);
                    }
                }

                return [.. pages.Where(page => searches.ContainsKey(page.Key)).Select(page => Incident.Of(page.Kind, page.Page, searches[page.Key]))];
            },
            cancellationToken);

    public Task<SupportNoteRecord> AddSupportNoteAsync(string labId, SupportNoteRecord note, CancellationToken cancellationToken) =>
        store.WriteAsync(
            labId,
            async change =>
            {
                if (await change.FindAsync(SupportNotes, MongoKey.Of(labId, note.NoteId), cancellationToken) is { } known)
                {
                    return ReadNote(known);
                }

                // Changes of a lab come one after the other, so nobody else counts to the same number.
                var number = (await QueryAsync(change, MongoCollectorQueries.NotesOf(labId), ReadNote, cancellationToken)).Count;
                change.Put(SupportNotes, Of(labId, note, number));
                return note;
            },
            cancellationToken);

    public Task<IReadOnlyList<SupportNoteRecord>> ListSupportNotesAsync(string labId, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<SupportNoteRecord>>(
            labId,
            async lab => await QueryAsync(lab, MongoCollectorQueries.NotesOf(labId), ReadNote, cancellationToken),
            cancellationToken);
}
