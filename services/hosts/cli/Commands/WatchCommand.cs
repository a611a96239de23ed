using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh watch</c>: stays with a collection that another process works on.</summary>
internal static class WatchCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("watch", "Watch a collection until it ends; ends with the exit code that collect would");
        var collection = new CollectionArgument(command, required: false);
        Verb.Runs(command, common, "watch", async (verb, cancellationToken) =>
        {
            var id = await collection.FindAsync(verb, cancellationToken);

            // In a process that only watches nobody works on it, and waiting would be for ever.
            var status = await new CollectionFollower(verb).FollowAsync(
                async (mesh, stopping) => (await mesh.Arena.GetCollectionAsync(new() { CollectionId = id }, cancellationToken: stopping)).Status,
                _ => verb.Mesh.IsHost,
                cancellationToken);
            if (!status.State.IsOver())
            {
                verb.Shell.Say($"mesh: nobody works on this collection now; `mesh resume {id}` or `mesh up` goes on with it");
            }

            return CollectionEnd.Tell(verb, status);
        });
        return command;
    }
}
