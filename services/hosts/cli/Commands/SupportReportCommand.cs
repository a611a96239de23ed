using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh support-report</c>: what TikTok should hear of, ready to send, and notes that it was filed or answered.</summary>
internal static class SupportReportCommand
{
    public static Command Create(CommonOptions common)
    {
        var all = new Option<bool>("--all") { Description = "Also what a report that was filed has held" };
        var since = OptionOf.Day("--since", "Only what was seen on this UTC day or later");
        var filed = new Option<string>("--filed") { HelpName = "TEXT", Description = "Note that the report was filed with TikTok, e.g. with the ticket's number; what it held is not reported again" };
        var madeAt = OptionOf.Time("--made-at", "When the report that was filed was made, as it says itself; what came later is told by the next one (default: now)");
        var answered = new Option<string>("--answered") { HelpName = "TEXT", Description = "Note that TikTok has answered the report that was filed last" };
        var command = new Command("support-report", "What TikTok's support should hear of, ready to send: days without an answer, tokens refused early, lost searches") { all, since, filed, madeAt, answered };
        Verb.Runs(
            command,
            common,
            "support-report",
            (parsed, _) => Wanted.Of(parsed.GetValue(all), parsed.GetValue(since), parsed.GetValue(filed), parsed.GetValue(madeAt), parsed.GetValue(answered)),
            (verb, wanted, cancellationToken) => wanted.Note is { } note ? NoteAsync(verb, note, cancellationToken) : ReportAsync(verb, wanted.Report, cancellationToken));
        return command;
    }

    private static async Task<int> ReportAsync(Verb verb, GetSupportReportRequest request, CancellationToken cancellationToken)
    {
        var report = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Arena.GetSupportReportAsync(request, cancellationToken: stopping), cancellationToken);
        verb.Write(() => SupportReportJson.Of(report));
        if (!verb.Json)
        {
            Tell(verb.Shell, report, isPart: request.Since is not null);
        }

        return ExitCode.Complete;
    }

    private static async Task<int> NoteAsync(Verb verb, NoteSupportReportRequest request, CancellationToken cancellationToken)
    {
        var noted = (await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Arena.NoteSupportReportAsync(request, cancellationToken: stopping), cancellationToken)).Report;
        verb.Write(() => FiledReportJson.Of(noted));
        if (!verb.Json)
        {
            verb.Shell.Output.WriteLine($"Noted: {SupportReportText.Of(noted)}.");
        }

        return ExitCode.Complete;
    }

    /// <summary>What may be sent goes to the output; what is for the lab alone, beside it.</summary>
    private static void Tell(Shell shell, GetSupportReportResponse report, bool isPart)
    {
        var last = SupportReportText.LastFiled(report);
        var leftOut = report.LeftOut == 0 ? "" : $"; --all shows {CollectionText.Number(report.LeftOut)} more that {(report.LeftOut == 1 ? "was" : "were")} filed";
        if (report.Blackouts.Count == 0 && report.Incidents.Count == 0)
        {
            shell.Say($"Nothing to report to TikTok{(last is null ? "" : $" (last report: {last})")}{leftOut}.");
            return;
        }

        SupportReportText.Write(shell.Output, report);
        if (last is not null)
        {
            shell.Say($"Last report: {last}{leftOut}.");
        }

        if (isPart)
        {
            shell.Say("Only a part, by --since; the report to send is the one without it.");
        }
        else if (SupportReportText.ToFile(report) is { } command)
        {
            shell.Say($"When it is sent: {command}");
        }
    }

    private sealed record Wanted(GetSupportReportRequest Report, NoteSupportReportRequest? Note)
    {
        public static Wanted Of(bool all, DateOnly? since, string? filed, DateTimeOffset? madeAt, string? answered)
        {
            if (filed is not null && answered is not null)
            {
                throw CommandRefusedException.BadInput("--filed cannot be used with --answered; allowed is one of them at a time");
            }

            if (madeAt is not null && filed is null)
            {
                throw CommandRefusedException.BadInput("--made-at goes with --filed only");
            }

            var report = new GetSupportReportRequest { IncludeFiled = all, Since = since?.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).ToTimestamp() };
            if ((filed ?? answered) is not { } text)
            {
                return new(report, Note: null);
            }

            return all || since is not null
                ? throw CommandRefusedException.BadInput($"{(all ? "--all" : "--since")} cannot be used with {(filed is null ? "--answered" : "--filed")}; it chooses what a report shows")
                : new(report, new() { Kind = filed is null ? SupportNoteKind.Answered : SupportNoteKind.Filed, Text = text, RequestId = Guid.NewGuid().ToString("D"), MadeAt = madeAt?.ToTimestamp() });
        }
    }
}
