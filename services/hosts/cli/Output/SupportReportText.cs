using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>A report as it can be sent to TikTok: it names no term, no user and no key, and none of the lab's own notes.</summary>
internal static class SupportReportText
{
    /// <summary>Writes a report that holds something.</summary>
    public static void Write(TextWriter output, GetSupportReportResponse report)
    {
        output.WriteLine($"TikTok Research API: what did not work as documented. Made {Time(report.MadeAt)}; all days and times are UTC.");
        output.WriteLine();
        output.WriteLine("Requests went to the endpoints that are named below by their paths, each with a client access token whose lifetime, as it was named when the token");
        output.WriteLine("was issued, had not ended. Later pages of a search were asked for with the cursor and the search_id of the page before.");
        WriteBlackouts(output, report.Blackouts);
        WriteIncidents(
            output,
            "Access tokens that were refused before the end of their lifetime",
            "A credential that was revoked looks the same to us, and so does a token that a newer one has replaced.",
            [.. report.Incidents.Where(group => group.Kind is IncidentKind.TokenRefusedEarly)]);
        WriteIncidents(
            output,
            "Searches that were lost on a later page",
            "Their first page was answered; a later one was refused, failed or stayed empty however often it was asked for. log_ids are those of the last try.",
            [.. report.Incidents.Where(group => group.Kind is IncidentKind.SearchLost)]);
    }

    /// <summary>What the lab noted last, in one line for itself; null when nothing was filed.</summary>
    public static string? LastFiled(GetSupportReportResponse report) => report.Filed.Count == 0 ? null : Of(report.Filed[^1]);

    /// <summary>The command that notes that this report was sent; null when all of it had been filed before.</summary>
    public static string? ToFile(GetSupportReportResponse report) =>
        report.Blackouts.Any(each => !each.Filed) || report.Incidents.Any(each => !each.Filed)
            ? $"mesh support-report --filed TICKET --made-at {Exact(report.MadeAt)}"
            : null;

    /// <summary>A moment as it must be given back, to the millisecond.</summary>
    public static string Exact(Timestamp time) => time.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A report that was filed, in one line.</summary>
    public static string Of(FiledReport report) =>
        $"filed {Noted(report.Filed)}, {(report.Answers.Count == 0 ? "not answered yet" : $"answered {string.Join(", ", report.Answers.Select(Noted))}")}";

    private static void WriteBlackouts(TextWriter output, IReadOnlyCollection<ReportedBlackout> reported)
    {
        if (reported.Count == 0)
        {
            return;
        }

        WriteHead(output, "Days without an answer", $"{ResearchEndpoints.Videos.Path} answers internal_error (HTTP 500) to queries over these days, while other requests are answered.");
        foreach (var (blackout, filed) in reported.Select(each => (each.Blackout, each.Filed)))
        {
            output.WriteLine($"- {CollectionText.Of(blackout.Days)}, {Queries(blackout.Class)}{Mark(filed)}");
            output.WriteLine($"  {CollectionText.Counted(blackout.VerifiedDays, "day")} tested with {CollectionText.Counted(blackout.Tries, "request")}{(blackout.SuspectDays > 0 ? $", {CollectionText.Counted(blackout.SuspectDays, "day")} between them not tested" : "")}");
            output.WriteLine($"  first seen {Time(blackout.FirstSeen)}, last seen {Time(blackout.LastSeen)}");
            WriteLogIds(output, blackout.LogIds);
        }
    }

    private static void WriteIncidents(TextWriter output, string title, string explanation, IReadOnlyCollection<IncidentGroup> groups)
    {
        if (groups.Count == 0)
        {
            return;
        }

        WriteHead(output, title, explanation);
        foreach (var group in groups)
        {
            var queries = group.Class is ClauseClass.Unspecified ? "" : $", {Queries(group.Class)}";
            output.WriteLine($"- {group.Day}, {group.Path}{queries}: {CollectionText.Counted(group.Count, "time")}{Mark(group.Filed)}");
            if (group.Days is { } days)
            {
                output.WriteLine($"  asked for days in {CollectionText.Of(days)}");
            }

            output.WriteLine($"  answer {TextTable.Visible(string.Join(", ", group.Codes))}, first seen {Time(group.FirstSeen)}, last seen {Time(group.LastSeen)}");
            WriteLogIds(output, group.LogIds);
        }
    }

    private static void WriteHead(TextWriter output, string title, string explanation)
    {
        output.WriteLine();
        output.WriteLine(title);
        output.WriteLine(explanation);
    }

    private static void WriteLogIds(TextWriter output, IReadOnlyCollection<string> logIds) =>
        output.WriteLine(logIds.Count == 0 ? "  no log_id: no answer came that could be read" : $"  log_id {TextTable.Visible(string.Join(", ", logIds))}");

    private static string Queries(ClauseClass of) => of switch
    {
        ClauseClass.Id => "queries by video_id",
        ClauseClass.Hashtag => "queries by hashtag_name",
        ClauseClass.Query => "other queries",
        _ => $"queries by {Words.Of(of)}",
    };

    private static string Mark(bool filed) => filed ? " (filed before)" : "";

    private static string Noted(SupportNote note) => $"{Time(note.NotedAt)} ({TextTable.Visible(note.Text)})";

    private static string Time(Timestamp time) => time.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
