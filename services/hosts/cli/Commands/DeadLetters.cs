using System.Globalization;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh replay --dead-letters</c>: events that could not be handled.</summary>
internal static class DeadLetters
{
    private const string NoneKept = "There are no dead letters: in one process, events are announced again instead.";

    /// <summary>Shows them.</summary>
    public static async Task<int> ListAsync(Verb verb, string queue, CancellationToken cancellationToken)
    {
        var request = new ListDeadLettersRequest { Queue = queue };
        var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.EventQueues.ListDeadLettersAsync(request, cancellationToken: stopping), cancellationToken);
        verb.Write(() => new DeadLettersJson { Kept = answer.AreKept, DeadLetters = [.. answer.DeadLetters.Select(Json)], HasMore = answer.HasMore });
        if (!verb.Json)
        {
            Print(verb.Shell, answer);
        }

        return ExitCode.Complete;
    }

    /// <summary>Sends them back to their queues.</summary>
    public static async Task<int> ReplayAsync(Verb verb, string queue, CancellationToken cancellationToken)
    {
        var request = new ReplayDeadLettersRequest { Queue = queue };
        var answer = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.EventQueues.ReplayDeadLettersAsync(request, cancellationToken: stopping), cancellationToken);
        verb.Write(() => new DeadLetterReplayJson { Kept = answer.AreKept, Replayed = answer.Replayed, Remaining = answer.Remaining });
        if (!verb.Json)
        {
            verb.Shell.Output.WriteLine(!answer.AreKept ? NoneKept
                : answer.Remaining == 0 ? $"{CollectionText.Number(answer.Replayed)} dead letters went back to their queues."
                : $"{CollectionText.Number(answer.Replayed)} dead letters went back to their queues, {CollectionText.Number(answer.Remaining)} stay: their queues do not exist.");
        }

        return ExitCode.Complete;
    }

    private static DeadLetterJson Json(DeadLetter letter) =>
        new() { EventId = letter.EventId, Queue = letter.Queue, Reason = letter.Reason, Tries = letter.Tries, DiedAt = letter.DiedAt?.ToDateTimeOffset() };

    private static void Print(Shell shell, ListDeadLettersResponse answer)
    {
        if (answer.DeadLetters.Count == 0)
        {
            shell.Output.WriteLine(answer.AreKept ? "No dead letters." : NoneKept);
            return;
        }

        var table = new TextTable("given up", "queue", "tries", "reason", "event").Numbers(2);
        foreach (var letter in answer.DeadLetters)
        {
            table.Add(
                letter.DiedAt?.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
                letter.Queue,
                CollectionText.Number(letter.Tries),
                letter.Reason,
                letter.EventId);
        }

        table.Write(shell);
        if (answer.HasMore)
        {
            shell.Say("There are more.");
        }
    }
}
