using System.CommandLine;
using System.Globalization;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh refresh verify</c>: which kept videos and comments TikTok still shows.</summary>
internal static class VerifyCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(CommonOptions common)
    {
        var all = new Option<bool>("--all") { Description = "Also what was read or checked within the last day" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what it costs" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask whether to go on once the cost is known" };
        var noWait = new Option<bool>("--no-wait") { Description = "End with exit code 4 when the day's quota is spent, instead of waiting" };
        var command = new Command("verify", "Ask which kept videos and comments TikTok still shows: about three requests for up to 10,000 of them. The same command again goes on where it stopped")
        {
            all, dryRun, yes, noWait,
        };
        var collection = new CollectionArgument(command, required: false, leftOut: "everything that the lab keeps");
        Verb.Runs(command, common, "refresh verify", async (verb, cancellationToken) =>
        {
            var request = new VerifyRecordsRequest
            {
                CollectionId = collection.Typed(verb.Parsed) is null ? "" : await collection.FindAsync(verb, cancellationToken),
                All = verb.Parsed.GetValue(all),
                DryRun = true,
            };
            var cost = await AskAsync(verb, request, cancellationToken);
            var quotas = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.QuotaGovernor.GetQuotaAsync(new(), cancellationToken: stopping), cancellationToken);
            verb.Shell.Say(Tell(cost, quotas.Quotas.FirstOrDefault(quota => quota.Bucket is QuotaBucket.Research)?.Limit ?? 0));
            if (cost.Batches == 0 || verb.Parsed.GetValue(dryRun))
            {
                verb.Write(() => CheckText.Json(cost, []));
                return ExitCode.Complete;
            }

            if (!verb.Parsed.GetValue(yes) && !await CollectionCost.IsAcceptedAsync(verb, "--dry-run", cancellationToken))
            {
                verb.Shell.Say("Nothing was spent.");
                return ExitCode.Cancelled;
            }

            request.DryRun = false;
            var begun = await AskAsync(verb, request, cancellationToken);
            return End(verb, begun, await StayAsync(verb, begun.CheckIds, verb.Parsed.GetValue(noWait), cancellationToken));
        });
        return command;
    }

    /// <summary>E.g. <c>12,000 videos and 300 comments in 3 batches, likely 9 units: 0.9 % of a day's quota. 40 were looked at within the last day and are left out.</c></summary>
    internal static string Tell(VerifyRecordsResponse cost, long limit)
    {
        var share = limit > 0 ? string.Create(CultureInfo.InvariantCulture, $": {100.0 * cost.LikelyUnits / limit:0.#} % of a day's quota") : "";
        var what = cost.Batches == 0
            ? "Nothing to check."
            : $"{CollectionText.Counted(cost.Videos, "video")} and {CollectionText.Counted(cost.Comments, "comment")} in {(cost.Batches == 1 ? "1 batch" : $"{CollectionText.Number(cost.Batches)} batches")}, likely {CollectionText.Counted(cost.LikelyUnits, "unit")}{share}.";
        return cost.LeftOut > 0 ? $"{what} {CollectionText.Number(cost.LeftOut)} were looked at within the last day, or are about to be, and are left out (--all: not the former)." : what;
    }

    /// <summary>Says how it ended, with a line for each batch that did not.</summary>
    internal static int End(Verb verb, VerifyRecordsResponse begun, IReadOnlyList<Check> checks)
    {
        verb.Write(() => CheckText.Json(begun, checks));
        if (!verb.Json)
        {
            CheckText.Write(verb.Shell, checks);
        }

        foreach (var unfinished in checks.Where(check => check.State is not CheckState.Answered))
        {
            verb.Shell.Say(CheckText.Unfinished(unfinished));
        }

        return CheckText.ExitCodeOf(checks);
    }

    private static Task<VerifyRecordsResponse> AskAsync(Verb verb, VerifyRecordsRequest request, CancellationToken cancellationToken) =>
        verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.RefreshScheduler.VerifyRecordsAsync(request, cancellationToken: stopping), cancellationToken);

    /// <summary>Stays until every check has ended, or until the quota is spent and nobody wants to wait.</summary>
    private static async Task<IReadOnlyList<Check>> StayAsync(Verb verb, IEnumerable<string> ids, bool noWait, CancellationToken cancellationToken)
    {
        var told = DateTimeOffset.MinValue;
        var request = new GetChecksRequest { CheckIds = { ids } };
        while (true)
        {
            var checks = (await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.RefreshScheduler.GetChecksAsync(request, cancellationToken: stopping), cancellationToken)).Checks;
            if (checks.All(check => check.State is not CheckState.Open))
            {
                return checks;
            }

            if (await RefreshCommand.SpentUntilAsync(verb.Mesh, cancellationToken) is { } opens && opens != told)
            {
                if (noWait)
                {
                    return checks;
                }

                told = opens;
                var now = verb.Shell.Clock.GetUtcNow();
                verb.Shell.Say($"{CollectionText.Number(checks.Count(check => check.State is CheckState.Open))} batches wait for the day's quota until {CollectionText.When(opens, now)}");
            }

            await Task.Delay(Pause, verb.Shell.Clock, cancellationToken);
        }
    }
}
