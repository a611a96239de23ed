using System.Globalization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>What a collection gave, for a person.</summary>
internal static class CollectionSummary
{
    /// <summary>Share of a merged search's videos in which none of its terms is found; more of them is worth a look.</summary>
    private const double MostUnattributed = 0.005;

    private const int MostLines = 12;

    /// <summary>Writes it to <paramref name="to"/>.</summary>
    public static void Write(TextWriter to, CollectionStatus status, DateTimeOffset now)
    {
        to.WriteLine($"{CollectionText.Subject(status)} · {CollectionText.Scope(status)}");
        to.WriteLine($"  {CollectionText.Stands(status, now)}");
        var (unit, complete, missing, all) = CollectionText.Steps(status);
        to.WriteLine($"  {unit,-7}  {CollectionText.Number(complete)} {(status.Spec?.Sample > 0 ? "drawn from" : "complete")}, {CollectionText.Number(missing)} missing, {CollectionText.Number(all - complete - missing)} to come");
        if (status.Standing is { } standing)
        {
            to.WriteLine($"  follows  {(standing.UpTo.Length > 0 ? $"up to {standing.UpTo}" : "no day yet")}{Next(standing, status.State, now)}");
        }

        if (CollectionText.Limits(status) is { Length: > 0 } limits)
        {
            to.WriteLine($"  limits   {limits}");
        }

        if (status.Spec?.Sample is > 0 and var sample)
        {
            to.WriteLine($"  sample   at most {CollectionText.Number(sample)} drawn at random, spread over the days: not all there is, and no measure of how much there is");
        }

        if (status.Days?.Doubtful is > 0 and var doubtful)
        {
            to.WriteLine($"  doubt    {CollectionText.Number(doubtful)} of the complete days may lack videos: TikTok's pages were sparse, and stayed so when read again (`mesh coverage` shows which)");
        }

        to.WriteLine($"  records  {Records(status)}");
        foreach (var check in status.MatchChecks.Where(check => check.Missed + check.Invented > 0))
        {
            to.WriteLine($"  match    {Differences(check)}");
        }

        to.WriteLine($"  units    {CollectionText.Units(status)}{PerUnit(status)}{Failures(status)}{Expected(status)}");
        List(to, "missing", status.Gaps.Select(CollectionText.Of));
        List(to, "inputs", status.Inputs.Where(input => input.Result is InputOutcome.Empty or InputOutcome.Refused or InputOutcome.Failed || input.Reason.Length > 0).Select(input =>
            $"{TextTable.Visible(input.Input)}: {Words.Of(input.Result)}{(input.Reason.Length > 0 ? $" ({TextTable.Visible(input.Reason)})" : "")}"));
        to.WriteLine($"  id       {status.CollectionId}");
    }

    private static string Next(StandingProgress standing, CollectionState state, DateTimeOffset now) => state switch
    {
        CollectionState.Cancelled => "; no more days are read",
        CollectionState.Paused or CollectionState.Failed => "; no more days are read until it is resumed",
        _ => standing.NextAt?.ToDateTimeOffset() is { } at ? $"; the next is read at {CollectionText.Clock(at, now)}" : "",
    };

    private static string Records(CollectionStatus status)
    {
        var counts = status.Records ?? new();
        List<string> parts = [$"{(counts.HasHeld ? $"{CollectionText.Number(counts.Held)} in all; by this collection " : "")}{CollectionText.Number(counts.Received)} received: {CollectionText.Number(counts.New)} new, {CollectionText.Number(counts.Updated)} known before"];
        if (counts.Unattributed > 0)
        {
            var warning = counts.Unattributed > MostUnattributed * counts.Received ? ", which is more than 1 in 200: TikTok may match otherwise than we do" : "";
            parts.Add($"{CollectionText.Number(counts.Unattributed)} without a matching term{warning}");
        }

        if (counts.Quarantined > 0)
        {
            parts.Add($"{CollectionText.Number(counts.Quarantined)} in quarantine (`mesh replay` tries them again)");
        }

        return string.Join(", ", parts);
    }

    /// <summary>In numbers only: which term it was matters less than that the others may be wrong too.</summary>
    private static string Differences(MatchCheck check) =>
        $"{CollectionText.Number(check.Missed + check.Invented)} of {CollectionText.Number(check.Videos)} videos differed when a term of the class {Words.Of(check.Class)} was asked for alone: TikTok finds {CollectionText.Number(check.Missed)} that we do not, and we {CollectionText.Number(check.Invented)} that it does not; what stands under terms may be wrong";

    private static string Expected(CollectionStatus status) => status.Estimate switch
    {
        null => "",
        var estimate when estimate.LikelyUnits > estimate.MinUnits => $"; estimated {CollectionText.Number(estimate.MinUnits)}–{CollectionText.Number(estimate.LikelyUnits)} units, took {CollectionText.Number(status.Requests?.Sent ?? 0)}",
        var estimate => $"; estimated at least {CollectionText.Counted(estimate.MinUnits, "unit")}, took {CollectionText.Number(status.Requests?.Sent ?? 0)}",
    };

    private static string PerUnit(CollectionStatus status) =>
        status.Requests?.Sent is > 0 and var sent ? string.Create(CultureInfo.InvariantCulture, $" ({CollectionText.Received(status) / (double)sent:F1} records per unit)") : "";

    private static string Failures(CollectionStatus status) => status.Requests?.Failed is > 0 and var failed ? $", {CollectionText.Number(failed)} without a usable page" : "";

    private static void List(TextWriter to, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        for (var place = 0; place < Math.Min(all.Count, MostLines); place++)
        {
            to.WriteLine($"  {(place == 0 ? title : ""),-7}  {all[place]}");
        }

        if (all.Count > MostLines)
        {
            to.WriteLine($"           and {CollectionText.Number(all.Count - MostLines)} more");
        }
    }
}
