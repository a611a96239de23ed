using System.CommandLine;
using System.Globalization;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh list</c>: every collection, the newest first.</summary>
internal static class ListCommand
{
    private const int PageSize = 200;

    public static Command Create(CommonOptions common)
    {
        var command = new Command("list", "Every collection, the newest first");
        Verb.Runs(command, common, "list", async (verb, cancellationToken) =>
        {
            var collections = await ReadAsync(verb, cancellationToken);
            verb.Write(() => new CollectionListJson { Collections = [.. collections.Select(CollectionJson.Of)] });
            if (!verb.Json)
            {
                Print(verb.Shell, collections);
            }

            return ExitCode.Complete;
        });
        return command;
    }

    private static async Task<List<CollectionStatus>> ReadAsync(Verb verb, CancellationToken cancellationToken)
    {
        List<CollectionStatus> collections = [];
        var request = new ListCollectionsRequest { PageSize = PageSize };
        do
        {
            var page = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Arena.ListCollectionsAsync(request, cancellationToken: stopping), cancellationToken);
            collections.AddRange(page.Collections);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return collections;
    }

    private static void Print(Shell shell, List<CollectionStatus> collections)
    {
        if (collections.Count == 0)
        {
            shell.Say("No collections yet; `mesh collect` starts one.");
            return;
        }

        var table = new TextTable("collection", "started", "state", "done", "records", "units", "asked").Numbers(3, 4, 5);
        foreach (var status in collections)
        {
            var (unit, complete, _, all) = CollectionText.Steps(status);
            table.Add(
                status.CollectionId,
                status.CreatedAt?.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
                status is { State: CollectionState.Running, WaitingFor.Length: > 0 } ? $"{CollectionText.State(status.State)}, waits" : CollectionText.State(status.State),
                $"{CollectionText.Number(complete)}/{CollectionText.Number(all)} {unit}",
                CollectionText.Number(CollectionText.Records(status)),
                CollectionText.Number(status.Requests?.Sent ?? 0),
                $"{CollectionText.Subject(status)} · {CollectionText.Scope(status)}");
        }

        table.Write(shell);
    }
}
