using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary>How a command that stayed with a collection ends.</summary>
internal static class CollectionEnd
{
    /// <summary>Tells what the collection gave; answers the exit code.</summary>
    public static int Tell(Verb verb, CollectionStatus status)
    {
        var shell = verb.Shell;
        if (verb.Json)
        {
            verb.Write(() => CollectionJson.Of(status));
        }
        else
        {
            CollectionSummary.Write(shell.Output, status, shell.Clock.GetUtcNow());
        }

        if (Hint(status, shell.Clock.GetUtcNow()) is { } hint)
        {
            shell.Say(hint);
        }

        return status.ToExitCode();
    }

    /// <summary>What to do next; null when there is nothing to say.</summary>
    internal static string? Hint(CollectionStatus status, DateTimeOffset now) => status.State switch
    {
        CollectionState.Failed when status.Failure.StartsWith("CREDENTIAL_REJECTED", StringComparison.Ordinal) => $"mesh: {OneLine(status.Failure)}; `mesh credentials add` replaces it",
        CollectionState.Failed => $"mesh: {OneLine(status.Failure)}; `mesh resume {status.CollectionId}` tries again",
        CollectionState.Cancelled => "mesh: this collection was cancelled; --new starts another one",
        CollectionState.Running when status.IsUpToDate() && status.Standing.UpTo.Length == 0 => $"mesh: no day is old enough yet{FirstAt(status.Standing, now)}; the same command, or `mesh up`, reads it then",
        CollectionState.Running when status.IsUpToDate() => $"mesh: read up to {status.Standing.UpTo}; the same command, or `mesh up`, reads the days to come",
        CollectionState.Running or CollectionState.WaitingForQuota when status.IsHeldUp(now) => $"mesh: {CollectionText.Waiting(status, now)}, by the same command or `mesh up`",
        CollectionState.Paused => $"mesh: paused; `mesh resume {status.CollectionId}` goes on",
        CollectionState.Complete or CollectionState.CompleteWithGaps => $"`mesh export {status.CollectionId} --out FILE` writes the records.",
        _ => null,
    };

    private static string FirstAt(StandingProgress standing, DateTimeOffset now) => standing.NextAt?.ToDateTimeOffset() is { } at ? $": the first is read at {CollectionText.When(at, now)}" : "";

    private static string OneLine(string failure) => TextTable.Visible(failure).TrimEnd('.');
}
