using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh status</c>: where a collection stands.</summary>
internal static class StatusCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("status", "Where a collection stands");
        var collection = new CollectionArgument(command, required: false);
        Verb.Runs(command, common, "status", async (verb, cancellationToken) =>
        {
            var status = await collection.GetAsync(verb, cancellationToken);
            verb.Write(() => CollectionJson.Of(status));
            if (!verb.Json)
            {
                CollectionSummary.Write(verb.Shell.Output, status, verb.Shell.Clock.GetUtcNow());
            }

            return ExitCode.Complete;
        });
        return command;
    }
}
