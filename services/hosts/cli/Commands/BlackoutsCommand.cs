using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh blackouts</c>: days for which TikTok does not answer.</summary>
internal static class BlackoutsCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("blackouts", "Days for which TikTok answers 500, by class, with what is known of them");
        Verb.Runs(command, common, "blackouts", async (verb, cancellationToken) =>
        {
            var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Arena.ListBlackoutsAsync(new(), cancellationToken: stopping), cancellationToken);
            verb.Write(() => new BlackoutListJson
            {
                Blackouts = [.. answer.Blackouts.Select(BlackoutJson.Of)],
                Exploring = [.. answer.Exploring.Select(Words.Of)],
                Outage = OutageJson.Of(answer.Outage),
            });
            if (!verb.Json)
            {
                Print(verb.Shell, answer);
            }

            return ExitCode.Complete;
        });
        return command;
    }

    private static void Print(Shell shell, ListBlackoutsResponse answer)
    {
        var table = new TextTable("class", "from", "to", "state", "tested", "suspect", "first seen", "last seen", "tries").Numbers(4, 5, 8);
        foreach (var blackout in answer.Blackouts.Select(BlackoutJson.Of))
        {
            table.Add(
                blackout.Class,
                blackout.From,
                blackout.To,
                blackout.State,
                CollectionText.Number(blackout.VerifiedDays),
                CollectionText.Number(blackout.SuspectDays),
                blackout.FirstSeen ?? "",
                blackout.LastSeen ?? "",
                CollectionText.Number(blackout.Tries));
        }

        table.Write(shell);
        if (OutageJson.Of(answer.Outage) is { } outage)
        {
            shell.Output.WriteLine($"TikTok answers nothing since {outage.Since}; it is tried again at {outage.NextTry}.");
        }

        foreach (var exploring in answer.Exploring)
        {
            shell.Output.WriteLine($"The class {Words.Of(exploring)} is being explored.");
        }
    }
}
