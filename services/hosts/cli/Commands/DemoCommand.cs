using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Demo;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.Cli.Sessions;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh demo</c>: the main job against a simulated Research API.</summary>
internal static class DemoCommand
{
    private const string FolderMarker = "mesh.json";
    private const string DemoMarker = "demo.txt";

    public static Command Create(CommonOptions common)
    {
        var command = new Command("demo", "Show the main job against a simulated Research API, in about a quarter of a minute; nothing leaves this machine");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var place = common.Place(parsed);
            if (place.Server is not null)
            {
                throw CommandRefusedException.BadInput("--server cannot be used with demo, which runs a mesh of its own; allowed is --data");
            }

            var folder = parsed.GetResult(common.Data) is null ? Directory.CreateTempSubdirectory("mesh-demo-").FullName : place.Folder!;
            Check(folder);
            await using var world = await DemoWorld.StartAsync(common.Shell.Clock, cancellationToken);
            await using var session = await MeshSession.OpenAsync(new Place { Folder = folder }, common.Shell, "demo", world.Settings(), cancellationToken);
            if (!session.IsHost)
            {
                throw CommandRefusedException.Failed($"a mesh runs on --data {folder} already; allowed is an empty or a new folder");
            }

            await File.WriteAllTextAsync(Path.Combine(folder, DemoMarker), "Made by `mesh demo`: every video in here is invented.\n", cancellationToken);
            var result = await new DemoRun(new Verb(common, parsed, session), world, folder).RunAsync(cancellationToken);
            if (parsed.GetValue(common.Json))
            {
                JsonLine.Write(common.Shell.Output, result);
            }
            else
            {
                DemoSummary.Write(common.Shell.Output, result);
            }

            return ExitCode.Complete;
        });
        return command;
    }

    // Invented videos must never get among real ones.
    private static void Check(string folder)
    {
        if (File.Exists(Path.Combine(folder, FolderMarker)) && !File.Exists(Path.Combine(folder, DemoMarker)))
        {
            throw CommandRefusedException.Failed($"--data {folder} holds a mesh's data that is no demo's; allowed is an empty or a new folder");
        }
    }
}
