using System.CommandLine;
using System.Globalization;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh estimate</c> and <c>collect --dry-run</c>: what a collection would cost. Spends nothing.</summary>
internal static class EstimateCommand
{
    public static Command Create(CommonOptions common)
    {
        var estimate = new Command("estimate", "Say what a collection would cost; the arguments are those of collect, and nothing is spent");
        foreach (var kind in Enum.GetValues<CollectionKind>())
        {
            var command = new Command(kind.Verb(), kind.Describe());
            var arguments = CollectionArguments.AddTo(command, kind);
            Verb.Runs(command, common, $"estimate {kind.Verb()}", arguments.Read, RunAsync);
            estimate.Subcommands.Add(command);
        }

        return estimate;
    }

    /// <summary>Asks and prints.</summary>
    public static async Task<int> RunAsync(Verb verb, CollectionSpec spec, CancellationToken cancellationToken)
    {
        spec = await OfCollection.FindAsync(verb, spec, cancellationToken);
        var answer = await verb.Mesh.AskAsync(
            async (mesh, stopping) => await mesh.Arena.EstimateCollectionAsync(new() { Spec = spec }, cancellationToken: stopping),
            cancellationToken);
        if (verb.Json)
        {
            verb.Write(() => ToJson(answer));
        }
        else
        {
            Print(verb.Shell, answer, spec.Sample > 0);
        }

        return ExitCode.Complete;
    }

    /// <summary>For programs.</summary>
    internal static EstimateJson ToJson(EstimateCollectionResponse answer) => new()
    {
        Searches = answer.Searches.Count,
        MinUnits = answer.MinUnits,
        LikelyUnits = answer.LikelyUnits,
        Clauses = answer.Clauses,
        CountedClauses = answer.CountedClauses,
        Lists = answer.Lists,
        Bucket = Words.Of(answer.Bucket),
        QuotaDays = answer.QuotaDays,
        UnitsPerDay = answer.UnitsPerDay,
        AskedClauseDays = answer.AskedClauseDays,
        CoveredClauseDays = answer.CoveredClauseDays,
        KnownGaps = [.. answer.KnownGaps.Select(GapJson.Of)],
        ReportedBlackouts = [.. answer.ReportedBlackouts.Select(BlackoutJson.Of)],
        Planned = [.. answer.Searches.Select(search => new PlannedSearchJson { Class = Words.Of(search.Class), List = search.Class is ClauseClass.List ? CollectionKinds.KindOf(search.Endpoint).Verb() : null, From = Words.OrNull(search.Days.From), To = Words.OrNull(search.Days.To), Inputs = search.Inputs })],
        RefreshOverload = RefreshOverloadJson.Of(answer.RefreshOverload),
    };

    /// <summary>For people.</summary>
    internal static void Print(Shell shell, EstimateCollectionResponse answer, bool isSample)
    {
        var table = new TextTable("search", "from", "to", "for");
        foreach (var search in answer.Searches)
        {
            table.Add(search.Class is ClauseClass.List ? CollectionKinds.KindOf(search.Endpoint).Verb() : Words.Of(search.Class), search.Days.From, search.Days.To, string.Join(", ", search.Inputs));
        }

        if (answer.Searches.Count > 0)
        {
            table.Write(shell);
        }

        var output = shell.Output;
        output.WriteLine($"searches  {CollectionText.Number(answer.Searches.Count)}");
        output.WriteLine($"units     at least {CollectionText.Number(answer.MinUnits)}{(answer.Lists > 0 ? $", {CollectionText.Number(answer.Lists)} of them for lists" : "")}{(answer.LikelyUnits > answer.MinUnits ? $", likely {CollectionText.Number(answer.LikelyUnits)}" : "")}; {Rest(answer, isSample)}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"quota     {(answer.QuotaDays is > 0 and < 0.01 ? "less than 0.01" : answer.QuotaDays.ToString("0.##", CultureInfo.InvariantCulture))} days of it"));
        if (answer.UnitsPerDay > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"then      at least {answer.UnitsPerDay:0.##} units a day, shared with whatever else is followed"));
        }

        if (answer.AskedClauseDays > 0)
        {
            output.WriteLine($"covered   {CollectionText.Number(answer.CoveredClauseDays)} of {CollectionText.Number(answer.AskedClauseDays)} days (times terms) are there already and cost nothing");
        }

        foreach (var gap in answer.KnownGaps)
        {
            output.WriteLine($"missing   {CollectionText.Of(gap)}");
        }

        foreach (var reported in answer.ReportedBlackouts)
        {
            output.WriteLine($"reported  {CollectionText.Of(reported.Days)}  others found these days dark for the class {Words.Of(reported.Class)}; they are asked for all the same");
        }

        if (answer.RefreshOverload is { } over)
        {
            output.WriteLine($"refresh   {(over.Refused ? "refused" : "warning")}: {over.Message}");
        }
    }

    /// <summary>What the numbers leave open.</summary>
    private static string Rest(EstimateCollectionResponse answer, bool isSample) =>
        isSample ? "more when TikTok shows fewer videos than it is asked to draw"
        : answer.CountedClauses == 0 ? "one more for each further page"
        : answer.CountedClauses == answer.Clauses ? "all that is asked for has been counted before, on other days"
        : $"{CollectionText.Number(answer.CountedClauses)} of {CollectionText.Number(answer.Clauses)} terms or accounts have been counted before, the others cost one more for each further page";
}
