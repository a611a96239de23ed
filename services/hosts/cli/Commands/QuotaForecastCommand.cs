using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh quota forecast</c>: what refreshes of what is there will need in the next days.</summary>
internal static class QuotaForecastCommand
{
    public static Command Create(CommonOptions common)
    {
        var account = new Option<string>("--account") { HelpName = "NAME", Description = "The account that pays (default: the first)" };
        var command = new Command("forecast", "What refreshes of the kept videos will need in the next 30 days; asks TikTok nothing") { account };
        Verb.Runs(command, common, "quota forecast", async (verb, cancellationToken) =>
        {
            var schedule = (await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.RefreshScheduler.GetRefreshForecastAsync(new(), cancellationToken: stopping), cancellationToken)).Days;
            var request = new V1.GetForecastRequest { Account = verb.Parsed.GetValue(account) ?? "" };
            var available = (await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.QuotaGovernor.GetForecastAsync(request, cancellationToken: stopping), cancellationToken)).Available;
            var over = schedule.FirstOrDefault(day => day.Units > available)?.Day;
            verb.Write(() => new QuotaForecastJson
            {
                Available = available,
                FirstDayOver = over,
                Days = [.. schedule.Select(day => new QuotaForecastDayJson { Day = day.Day, Units = day.Units })],
            });
            if (!verb.Json)
            {
                var table = new TextTable("day", "units", "").Numbers(1);
                foreach (var day in schedule.Where(day => day.Units > 0))
                {
                    table.Add(day.Day, CollectionText.Number(day.Units), day.Units > available ? "more than there is" : "");
                }

                table.Write(verb.Shell);
                verb.Shell.Output.WriteLine($"Refreshes can have {CollectionText.Counted(available, "unit")} a day; they need {CollectionText.Number(schedule.Sum(day => day.Units))} in the next {schedule.Count} days.");
            }

            if (over is not null)
            {
                verb.Shell.Say($"mesh: refreshes need more than {CollectionText.Counted(available, "unit")} on {over} for the first time; raise their share (`mesh quota policy --refresh-share`), or collect less until then");
            }

            return ExitCode.Complete;
        });
        return command;
    }
}
