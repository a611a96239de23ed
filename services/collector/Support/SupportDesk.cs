using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What callers do with reports to TikTok's support.</summary>
internal sealed class SupportDesk(ICollectorStore store, BlackoutReports blackouts, TimeProvider time)
{
    private const int LongestText = 500;

    /// <summary>What TikTok should hear of.</summary>
    /// <exception cref="MeshException">BAD_INPUT when `since` is no time.</exception>
    public async Task<GetSupportReportResponse> ReportAsync(string labId, GetSupportReportRequest request, CancellationToken cancellationToken)
    {
        var since = ReadTime(request.Since, "since") ?? DateTimeOffset.MinValue;
        var known = await blackouts.ListAsync(cancellationToken);
        var incidents = await store.ListIncidentsAsync(labId, since, cancellationToken);
        var notes = await store.ListSupportNotesAsync(labId, cancellationToken);
        return SupportReports.Of(known.Blackouts, incidents, notes, since, request.IncludeFiled, Now());
    }

    /// <summary>Keeps a note and returns the report that it belongs to.</summary>
    /// <exception cref="MeshException">BAD_INPUT with every violation, REQUEST_ID_REUSED.</exception>
    public async Task<NoteSupportReportResponse> NoteAsync(string labId, NoteSupportReportRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        var noteId = CollectionCommands.ReadRequestId(request.RequestId) ?? Guid.CreateVersion7(now).ToString();
        var madeAt = ReadTime(request.MadeAt, "made_at");
        var before = await store.ListSupportNotesAsync(labId, cancellationToken);
        if (!before.Any(note => string.Equals(note.NoteId, noteId, StringComparison.Ordinal)))
        {
            await CheckAsync(labId, request, madeAt, before, now, cancellationToken);
        }

        var kept = await store.AddSupportNoteAsync(labId, new(noteId, madeAt ?? now, request.Kind, request.Text), cancellationToken);
        if (kept.Kind != request.Kind || !string.Equals(kept.Text, request.Text, StringComparison.Ordinal) || (madeAt is { } made && kept.At != made))
        {
            throw new MeshException(ErrorReason.RequestIdReused, "The request_id belongs to another note; use a new one.")
            {
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["request_id"] = request.RequestId },
            };
        }

        var notes = await store.ListSupportNotesAsync(labId, cancellationToken);
        return new() { Report = SupportReports.ReportOf(notes, noteId) };
    }

    private async Task CheckAsync(string labId, NoteSupportReportRequest request, DateTimeOffset? madeAt, IReadOnlyList<SupportNoteRecord> before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Violations(request, madeAt, before, now).ToList() is { Count: > 0 } violations)
        {
            throw MeshException.BadInput(violations);
        }

        if (request.Kind is SupportNoteKind.Filed)
        {
            var known = await blackouts.ListAsync(cancellationToken);
            var incidents = await store.ListIncidentsAsync(labId, DateTimeOffset.MinValue, cancellationToken);
            if (!SupportReports.IsAnythingNew(known.Blackouts, incidents, before, madeAt ?? now))
            {
                throw MeshException.BadInput("kind", "`SUPPORT_NOTE_KIND_FILED` needs something to file: TikTok has been told of everything that was there then");
            }
        }
    }

    private static IEnumerable<FieldViolation> Violations(NoteSupportReportRequest request, DateTimeOffset? madeAt, IReadOnlyList<SupportNoteRecord> before, DateTimeOffset now)
    {
        var lastFiled = SupportReports.LastFiled(before);
        if (request.Kind is not (SupportNoteKind.Filed or SupportNoteKind.Answered))
        {
            yield return new("kind", "kind must be SUPPORT_NOTE_KIND_FILED or SUPPORT_NOTE_KIND_ANSWERED");
        }
        else if (request.Kind is SupportNoteKind.Answered && lastFiled is null)
        {
            yield return new("kind", "`SUPPORT_NOTE_KIND_ANSWERED` needs a report that was filed before; `SUPPORT_NOTE_KIND_FILED` notes that one was");
        }

        if (string.IsNullOrWhiteSpace(request.Text) || request.Text.Length > LongestText)
        {
            yield return new("text", $"text must have 1 to {LongestText} characters, not only blanks; {request.Text.Length} were given");
        }

        if (madeAt is not null && request.Kind is SupportNoteKind.Answered)
        {
            yield return new("made_at", "made_at goes with a report that is filed only");
        }
        else if (madeAt > now || madeAt < lastFiled)
        {
            yield return new("made_at", $"made_at must not be after now{(lastFiled is { } last ? $", nor before {last.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}, when the report was made that was filed last" : "")}");
        }
    }

    /// <summary>As fine as times are kept: what a report held came at its moment or before, also once both were stored.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private static DateTimeOffset? ReadTime(Timestamp? time, string field)
    {
        try
        {
            return time?.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            throw MeshException.BadInput(field, $"{field} must be a time from the year 1 to the year 9999");
        }
    }
}
