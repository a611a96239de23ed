using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh replay</c>: tries quarantined items again.</summary>
internal static class ReplayCommand
{
    public static Command Create(CommonOptions common)
    {
        var item = new Option<string>("--item") { HelpName = "ID", Description = "Only this item (default: all)" };
        var command = new Command("replay", "Try quarantined items again from their stored pages; costs no quota") { item };
        Verb.Runs(command, common, "replay", async (verb, cancellationToken) =>
        {
            var request = new V1.ReplayQuarantinedRequest { ItemId = verb.Parsed.GetValue(item) ?? "" };
            var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Normalizer.ReplayQuarantinedAsync(request, cancellationToken: stopping), cancellationToken);
            verb.Write(() => new ReplayJson { Released = answer.Released, Remaining = answer.Remaining });
            if (!verb.Json)
            {
                verb.Shell.Output.WriteLine($"{CollectionText.Number(answer.Released)} items became records, {CollectionText.Number(answer.Remaining)} stay in quarantine.");
            }

            return ExitCode.Complete;
        });
        return command;
    }
}
