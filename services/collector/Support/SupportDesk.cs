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
        var since = Since(request.Since);
        var known = await blackouts.ListAsync(cancellationToken);
        var incidents = await store.ListIncidentsAsync(labId, since, cancellationToken);
        var notes = await store.ListSupportNotesAsync(labId, cancellationToken);
        return SupportReports.Of(known.Blackouts, incidents, notes, since, request.IncludeFiled, time.GetUtcNow());
    }

    /// <summary>Keeps a note and returns the report that it belongs to.</summary>
    /// <exception cref="MeshException">BAD_INPUT with every violation, REQUEST_ID_REUSED.</exception>
    public async Task<NoteSupportReportResponse> NoteAsync(string labId, NoteSupportReportRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var noteId = CollectionCommands.ReadRequestId(request.RequestId) ?? Guid.CreateVersion7(now).ToString();
        var before = await store.ListSupportNotesAsync(labId, cancellationToken);
        if (Violations(request, SupportReports.Filed(before).Count > 0).ToList() is { Count: > 0 } violations)
        {
            throw MeshException.BadInput(violations);
        }

        var kept = await store.AddSupportNoteAsync(labId, new(noteId, now, request.Kind, request.Text), cancellationToken);
        if (kept.Kind != request.Kind || !string.Equals(kept.Text, request.Text, StringComparison.Ordinal))
        {
            throw new MeshException(ErrorReason.RequestIdReused, "The request_id belongs to another note; use a new one.")
            {
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["request_id"] = request.RequestId },
            };
        }

        var notes = await store.ListSupportNotesAsync(labId, cancellationToken);
        return new() { Report = SupportReports.ReportOf(notes, noteId) };
    }

    private static IEnumerable<FieldViolation> Violations(NoteSupportReportRequest request, bool isAnyFiled)
    {
        if (request.Kind is not (SupportNoteKind.Filed or SupportNoteKind.Answered))
        {
            yield return new("kind", "kind must be SUPPORT_NOTE_KIND_FILED or SUPPORT_NOTE_KIND_ANSWERED");
        }
        else if (request.Kind is SupportNoteKind.Answered && !isAnyFiled)
        {
            yield return new("kind", "--answered needs a report that was filed before; --filed notes that one was");
        }

        if (string.IsNullOrWhiteSpace(request.Text) || request.Text.Length > LongestText)
        {
            yield return new("text", $"text must have 1 to {LongestText} characters, not only blanks; {request.Text.Length} were given");
        }
    }

    private static DateTimeOffset Since(Timestamp? since)
    {
        try
        {
            return since?.ToDateTimeOffset() ?? DateTimeOffset.MinValue;
        }
        catch (InvalidOperationException)
        {
            throw MeshException.BadInput("since", "since must be a time from the year 1 to the year 9999");
        }
    }
}
