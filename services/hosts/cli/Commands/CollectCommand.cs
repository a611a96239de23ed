using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.Cli.Sessions;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh collect</c>: asks, stays until the answer is complete, and goes on where an earlier one stopped.</summary>
internal static class CollectCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print the searches that would be sent, and send none" };
    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "End with exit code 4 when it has to wait for more than five minutes: for quota, its own units of the day, its caller's cap, the pace of background work, or TikTok" };
    private static readonly Option<bool> New = new("--new") { Description = "Start another collection, although the same command has one" };
    private static readonly Option<bool> NewOfLists = new(New.Name) { Description = New.Description + "; a profile is read again after 30 days, any other list after one" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask whether to go on once the cost is known" };

    public static Command Create(CommonOptions common)
    {
        var collect = new Command("collect", "Collect videos and lists; the same command again goes on where it stopped and costs nothing when it is complete");
        foreach (var kind in Enum.GetValues<CollectionKind>())
        {
            var command = new Command(kind.Verb(), kind.Describe()) { DryRun, NoWait, kind.List() is ApiEndpoint.Unspecified ? New : NewOfLists };
            if (kind.Of() is not null)
            {
                command.Options.Add(Yes);
            }

            var arguments = CollectionArguments.AddTo(command, kind);
            Verb.Runs(command, common, $"collect {kind.Verb()}", arguments.Read, RunAsync);
            collect.Subcommands.Add(command);
        }

        return collect;
    }

    private static async Task<int> RunAsync(Verb verb, CollectionSpec spec, CancellationToken cancellationToken)
    {
        if (verb.Parsed.GetValue(DryRun))
        {
            return await EstimateCommand.RunAsync(verb, spec, cancellationToken);
        }

        spec = await OfCollection.FindAsync(verb, spec, cancellationToken);
        if (spec.OfCollectionId.Length > 0 && !await CollectionCost.IsAcceptedAsync(verb, spec, verb.Parsed.GetValue(Yes), cancellationToken))
        {
            verb.Shell.Say("Nothing was spent.");
            return ExitCode.Cancelled;
        }

        var noWait = verb.Parsed.GetValue(NoWait);
        var request = new SubmitCollectionRequest { Spec = spec, RequestId = verb.Parsed.GetValue<bool>(New.Name) ? Guid.NewGuid().ToString("D") : "" };
        var follower = new CollectionFollower(verb);
        var told = false;
        CollectionStatus status;
        try
        {
            status = await follower.FollowAsync(Begin, now => noWait && (now.State is CollectionState.Paused || now.IsUpToDate() || now.IsHeldUp(verb.Shell.Clock.GetUtcNow())), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && follower.Last is { } last)
        {
            verb.Shell.Say(spec.Standing && !verb.Mesh.IsHost
                ? "mesh: left; the collection goes on in the mesh that runs, and the same command shows it again"
                : $"mesh: interrupted; the same command goes on where it stopped{(spec.Standing ? ", and so does `mesh up`" : "")}");
            verb.Write(() => CollectionJson.Of(last));
            return ExitCode.Interrupted;
        }

        return CollectionEnd.Tell(verb, status);

        async Task<CollectionStatus> Begin(IMeshCalls mesh, CancellationToken stopping)
        {
            var answer = await mesh.Arena.SubmitCollectionAsync(request, cancellationToken: stopping);
            if (answer.Existed && !told && !answer.Status.State.IsOver())
            {
                verb.Shell.Say($"Goes on with collection {answer.Status.CollectionId}.");
            }

            if (spec.Standing && !told && !noWait)
            {
                verb.Shell.Say(verb.Mesh.IsHost
                    ? "This collection has no end. It goes on as long as this command runs, or `mesh up`; Ctrl-C leaves it as it is."
                    : "This collection has no end. It goes on in the mesh that runs here; Ctrl-C leaves it alone.");
            }

            told = true;

            // The same command means "go on", also after a pause or a failure that may have passed.
            return answer.Existed && answer.Status.State is (CollectionState.Paused or CollectionState.Failed)
                ? (await mesh.Arena.ResumeCollectionAsync(new() { CollectionId = answer.Status.CollectionId }, cancellationToken: stopping)).Status
                : answer.Status;
        }
    }
}
