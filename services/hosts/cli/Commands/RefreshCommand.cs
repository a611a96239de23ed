using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.Cli.Sessions;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh refresh</c>: reading videos again.</summary>
internal static class RefreshCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Command Create(CommonOptions common) => new("refresh", "Read videos again: counts settle after ten days, and the terms oblige to") { Status(common), Run(common), VerifyCommand.Create(common) };

    /// <summary>Stays until every batch has its answer; answers false when it stopped for the quota.</summary>
    public static async Task<bool> StayAsync(MeshSession session, Shell shell, bool noWait, CancellationToken cancellationToken)
    {
        var told = DateTimeOffset.MinValue;
        while (true)
        {
            var status = await session.AskAsync(async (mesh, stopping) => await mesh.RefreshScheduler.GetRefreshStatusAsync(new(), cancellationToken: stopping), cancellationToken);
            if (status.InFlight == 0)
            {
                return true;
            }

            if (await SpentUntilAsync(session, cancellationToken) is { } opens && opens != told)
            {
                if (noWait)
                {
                    return false;
                }

                told = opens;
                var now = shell.Clock.GetUtcNow();
                shell.Say($"{CollectionText.Number(status.InFlight)} videos wait for the day's quota until {CollectionText.When(opens, now)}");
            }

            await Task.Delay(Pause, shell.Clock, cancellationToken);
        }
    }

    /// <summary>When the day's quota opens again; null while there is some left.</summary>
    public static async Task<DateTimeOffset?> SpentUntilAsync(MeshSession session, CancellationToken cancellationToken)
    {
        var quotas = await session.AskAsync(async (mesh, stopping) => (await mesh.QuotaGovernor.GetQuotaAsync(new(), cancellationToken: stopping)).Quotas, cancellationToken);
        var research = quotas.Where(quota => quota.Bucket is QuotaBucket.Research).ToList();
        return research.Count > 0 && research.All(quota => quota.Used >= quota.Limit && quota.InFlight == 0) ? research.Min(quota => quota.ResetsAt)?.ToDateTimeOffset() : null;
    }

    private static Command Status(CommonOptions common)
    {
        var command = new Command("status", "How many videos are scheduled, due and on their way");
        Verb.Runs(command, common, "refresh status", async (verb, cancellationToken) =>
        {
            var status = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.RefreshScheduler.GetRefreshStatusAsync(new(), cancellationToken: stopping), cancellationToken);
            var missing = status.Missing > 0 ? await MissingAsync(verb, cancellationToken) : [];
            verb.Write(() => new RefreshStatusJson
            {
                Comments = status.Comments,
                Missing = [.. missing.Select(CheckText.Json)],
                Scheduled = status.Scheduled,
                Due = status.Due,
                Overdue = status.Overdue,
                InFlight = status.InFlight,
                NextDueAt = status.NextDueAt?.ToDateTimeOffset(),
            });
            if (!verb.Json)
            {
                var now = verb.Shell.Clock.GetUtcNow();
                var output = verb.Shell.Output;
                output.WriteLine($"scheduled  {CollectionText.Counted(status.Scheduled, "video")}");
                output.WriteLine($"due        {CollectionText.Number(status.Due)}{(status.Overdue > 0 ? $", {CollectionText.Number(status.Overdue)} past their deadline" : "")}");
                output.WriteLine($"on its way {CollectionText.Number(status.InFlight)}");
                if (status.NextDueAt?.ToDateTimeOffset() is { } next)
                {
                    output.WriteLine($"next due   {(next <= now ? "now" : CollectionText.Clock(next, now))}");
                }

                CheckText.WriteMissing(verb.Shell, missing, now);
            }

            return ExitCode.Complete;
        });
        return command;
    }

    private static async Task<List<MissingItem>> MissingAsync(Verb verb, CancellationToken cancellationToken)
    {
        List<MissingItem> missing = [];
        var request = new ListMissingItemsRequest { PageSize = 1000 };
        do
        {
            var page = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.RefreshScheduler.ListMissingItemsAsync(request, cancellationToken: stopping), cancellationToken);
            missing.AddRange(page.Items);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return missing;
    }

    private static Command Run(CommonOptions common)
    {
        var all = new Option<bool>("--all") { Description = "Every scheduled video, due or not" };
        var maxUnits = OptionOf.Whole("--max-units", "At most this many requests", 1, int.MaxValue);
        var noWait = new Option<bool>("--no-wait") { Description = "End with exit code 4 when the day's quota is spent, instead of waiting" };
        var command = new Command("run", "Read due videos again, up to 100 with one request") { all, maxUnits, noWait };
        Verb.Runs(command, common, "refresh run", async (verb, cancellationToken) =>
        {
            var request = new RunRefreshRequest { All = verb.Parsed.GetValue(all), MaxUnits = (int)verb.Parsed.GetValue(maxUnits) };
            var handed = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.RefreshScheduler.RunRefreshAsync(request, cancellationToken: stopping), cancellationToken);
            verb.Shell.Say($"{CollectionText.Counted(handed.Videos, "video")} in {CollectionText.Counted(handed.Batches, "request")}{(handed.Left > 0 ? $", {CollectionText.Number(handed.Left)} left for later" : "")}.");
            var done = await StayAsync(verb.Mesh, verb.Shell, verb.Parsed.GetValue(noWait), cancellationToken);
            var status = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.RefreshScheduler.GetRefreshStatusAsync(new(), cancellationToken: stopping), cancellationToken);
            verb.Write(() => new RefreshRunJson { Batches = handed.Batches, Videos = handed.Videos, Left = handed.Left, InFlight = status.InFlight });
            if (done && !verb.Json)
            {
                verb.Shell.Output.WriteLine($"{CollectionText.Number(handed.Videos)} videos were read again.");
            }
            else if (!done)
            {
                verb.Shell.Say("mesh: the day's quota is spent; the same command goes on when it opens again");
            }

            return done ? ExitCode.Complete : ExitCode.WaitingForQuota;
        });
        return command;
    }
}
