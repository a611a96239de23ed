using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh replay</c>: tries quarantined items again, or events that no try could bring to their handlers.</summary>
internal static class ReplayCommand
{
    public static Command Create(CommonOptions common)
    {
        var item = new Option<string>("--item") { HelpName = "ID", Description = "Only this item (default: all)" };
        var deadLetters = new Option<bool>("--dead-letters") { Description = "Instead of items: events that could not be handled go back to their queues" };
        var queue = new Option<string>("--queue") { HelpName = "NAME", Description = "Only dead letters of this queue, e.g. normalizer-page-stored (default: all)" };
        var list = new Option<bool>("--list") { Description = "Show dead letters and leave them where they are" };
        var command = new Command("replay", "Try quarantined items again from their stored pages, or dead letters (--dead-letters); costs no quota") { item, deadLetters, queue, list };
        Verb.Runs(
            command,
            common,
            "replay",
            (parsed, _) => new Wanted(parsed.GetValue(item) ?? "", parsed.GetValue(deadLetters), parsed.GetValue(queue) ?? "", parsed.GetValue(list)).Checked(),
            (verb, wanted, cancellationToken) => wanted switch
            {
                { DeadLetters: false } => ReplayItemsAsync(verb, wanted.Item, cancellationToken),
                { List: true } => DeadLetters.ListAsync(verb, wanted.Queue, cancellationToken),
                _ => DeadLetters.ReplayAsync(verb, wanted.Queue, cancellationToken),
            });
        return command;
    }

    private static async Task<int> ReplayItemsAsync(Verb verb, string item, CancellationToken cancellationToken)
    {
        var request = new V1.ReplayQuarantinedRequest { ItemId = item };
        var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Normalizer.ReplayQuarantinedAsync(request, cancellationToken: stopping), cancellationToken);
        verb.Write(() => new ReplayJson { Released = answer.Released, Remaining = answer.Remaining });
        if (!verb.Json)
        {
            verb.Shell.Output.WriteLine($"{CollectionText.Number(answer.Released)} items became records, {CollectionText.Number(answer.Remaining)} stay in quarantine.");
        }

        return ExitCode.Complete;
    }

    private sealed record Wanted(string Item, bool DeadLetters, string Queue, bool List)
    {
        public Wanted Checked() => this switch
        {
            { DeadLetters: true, Item.Length: > 0 } => throw CommandRefusedException.BadInput("--item cannot be used with --dead-letters: one is about items, the other about events"),
            { DeadLetters: false, Queue.Length: > 0 } => throw CommandRefusedException.BadInput("--queue goes with --dead-letters only"),
            { DeadLetters: false, List: true } => throw CommandRefusedException.BadInput("--list goes with --dead-letters only"),
            _ => this,
        };
    }
}
