using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>An answer that TikTok should hear of, without anything of what it was asked for but its class and days.</summary>
/// <param name="At">When it came.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="Endpoint">Which endpoint answered.</param>
/// <param name="Class">Kind of the clauses; UNSPECIFIED of a list, a refresh and a check.</param>
/// <param name="Days">The days that were asked for; null of a list and a check, which have none.</param>
/// <param name="Code">TikTok's code, or what was wrong with the reply.</param>
/// <param name="LogId">TikTok's `log_id`; empty when there was none.</param>
internal sealed record Incident(DateTimeOffset At, IncidentKind Kind, ApiEndpoint Endpoint, ClauseClass Class, Days? Days, string Code, string LogId)
{
    public static Incident Of(IncidentKind kind, RawPage page, Search search) => new(
        page.FetchedAt,
        kind,
        page.Endpoint,
        search.Kind is SearchKind.Videos ? search.Class : ClauseClass.Unspecified,
        search.Kind is SearchKind.List || search.IsCheck ? null : search.Window,
        page.ErrorCode,
        page.LogId);
}

/// <summary>What a lab noted of a report.</summary>
/// <param name="NoteId">The lab has it once.</param>
/// <param name="At">When; of a report that was filed, when that was made: what came until then is no news any more.</param>
/// <param name="Kind">That one was filed, or that TikTok has answered the last one.</param>
/// <param name="Text">The lab's words.</param>
internal sealed record SupportNoteRecord(string NoteId, DateTimeOffset At, SupportNoteKind Kind, string Text);
