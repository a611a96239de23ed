using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.Cli.Sessions;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh pause</c>, <c>resume</c>, <c>cancel</c>, <c>update</c>.</summary>
internal static class SteerCommands
{
    public static IEnumerable<Command> Create(CommonOptions common) =>
    [
        Steer(common, "pause", "Send nothing more for a collection until it is resumed", async (mesh, id, stopping) =>
            (await mesh.Arena.PauseCollectionAsync(new() { CollectionId = id }, cancellationToken: stopping)).Status),
        Resume(common),
        Steer(common, "cancel", "End a collection for good; what was stored stays", async (mesh, id, stopping) =>
            (await mesh.Arena.CancelCollectionAsync(new() { CollectionId = id }, cancellationToken: stopping)).Status),
        Update(common),
    ];

    private static Command Update(CommonOptions common)
    {
        var command = new Command("update", "Change the limits of a collection; one that had reached its limit can go on then");
        var collection = new CollectionArgument(command, required: true);
        var arguments = UpdateArguments.AddTo(command);
        Verb.Runs(command, common, "update", arguments.Read, async (verb, request, cancellationToken) =>
        {
            request.CollectionId = await collection.FindAsync(verb, cancellationToken);
            return Tell(verb, await verb.Mesh.AskAsync(async (mesh, stopping) => (await mesh.Arena.UpdateCollectionAsync(request, cancellationToken: stopping)).Status, cancellationToken));
        });
        return command;
    }

    private static Command Steer(CommonOptions common, string name, string description, Func<IMeshCalls, string, CancellationToken, Task<CollectionStatus>> steer)
    {
        var command = new Command(name, description);
        var collection = new CollectionArgument(command, required: true);
        Verb.Runs(command, common, name, async (verb, cancellationToken) =>
        {
            var id = await collection.FindAsync(verb, cancellationToken);
            var status = await verb.Mesh.AskAsync((mesh, stopping) => steer(mesh, id, stopping), cancellationToken);
            return Tell(verb, status);
        });
        return command;
    }

    private static Command Resume(CommonOptions common)
    {
        var command = new Command("resume", "Go on with a paused, failed or interrupted collection");
        var collection = new CollectionArgument(command, required: true);
        Verb.Runs(command, common, "resume", async (verb, cancellationToken) =>
        {
            var id = await collection.FindAsync(verb, cancellationToken);

            // Where another process works, it is told and that is all; where nobody does, this one must stay.
            var status = await new CollectionFollower(verb).FollowAsync(
                async (mesh, stopping) => (await mesh.Arena.ResumeCollectionAsync(new() { CollectionId = id }, cancellationToken: stopping)).Status,
                _ => !verb.Mesh.IsHost,
                cancellationToken);
            return verb.Mesh.IsHost ? CollectionEnd.Tell(verb, status) : Tell(verb, status);
        });
        return command;
    }

    private static int Tell(Verb verb, CollectionStatus status)
    {
        verb.Write(() => CollectionJson.Of(status));
        if (!verb.Json)
        {
            var limits = CollectionText.Limits(status);
            verb.Shell.Output.WriteLine($"{status.CollectionId}: {CollectionText.Stands(status, verb.Shell.Clock.GetUtcNow())}{(limits.Length > 0 ? $" ({limits})" : "")}");
        }

        return ExitCode.Complete;
    }
}
