using System.CommandLine;
using System.Net.Sockets;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Sessions;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Embedded;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh up</c>: all services, for callers on this machine, until it is interrupted.</summary>
internal static class UpCommand
{
    private const int DefaultPort = 5080;
    private const int LargestPort = 65535;
    private const string HostFile = "host.json";

    public static Command Create(CommonOptions common)
    {
        var port = OptionOf.Whole("--port", "Port on 127.0.0.1 for callers; 0 takes a free one (default 5080)", 0, LargestPort);
        var command = new Command("up", "Run all services for callers on 127.0.0.1 until interrupted; goes on with unfinished work and refreshes what is due") { port };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var place = common.Place(parsed);
            if (place.Folder is not { } folder)
            {
                throw CommandRefusedException.BadInput("--server cannot be used with up, which runs a mesh of its own; allowed is --data");
            }

            var number = parsed.GetResult(port) is null ? DefaultPort : (int)parsed.GetValue(port);
            await using var mesh = await StartAsync(common.Shell, folder, place.Rate, number, cancellationToken);
            Tell(common.Shell, mesh, folder, parsed.GetValue(common.Json));
            await Task.Delay(Timeout.InfiniteTimeSpan, common.Shell.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            common.Shell.Say("Stopping.");
            return ExitCode.Complete;
        });
        return command;
    }

    private static async Task<EmbeddedMesh> StartAsync(Shell shell, string folder, double? rate, int port, CancellationToken cancellationToken)
    {
        try
        {
            return await EmbeddedMesh.StartAsync(
                new() { DataFolder = folder, CallersPort = port, Settings = EmbeddedSettings.LongRunning(rate), Time = shell.Clock },
                cancellationToken);
        }
        catch (DataFolderException taken) when (taken.IsClaimed)
        {
            throw await FolderClaim.AttachAsync(folder, shell.Clock, cancellationToken) is not { } host
                ? taken
                : CommandRefusedException.Failed($"a mesh runs on --data {folder} already and answers at {host.Address}; every other command attaches to it by itself");
        }
        catch (StartRefusedException refused) when (refused.InnerException is SocketException || refused.InnerException?.InnerException is SocketException)
        {
            throw CommandRefusedException.BadInput($"--port {port} is in use on 127.0.0.1 or may not be opened; allowed is a free port, or 0 for any");
        }
    }

    private static void Tell(Shell shell, EmbeddedMesh mesh, string folder, bool json)
    {
        var keyFile = Path.GetFullPath(Path.Combine(folder, HostFile));
        shell.Say($"The mesh answers on {mesh.Address} (gRPC); Ctrl-C stops it, and the next start goes on.");
        shell.Say($"  the key is in  {keyFile}  (`key`; the header is `authorization: Bearer KEY`)");
        shell.Say($"  this command   mesh --data {folder} status | list | collect …  attaches by itself");
        shell.Say($"  other clients  protos/issueobservatory/mesh/v1, service issueobservatory.mesh.v1.TikTokArena; reflection is on");
        if (json)
        {
            Output.JsonLine.Write(shell.Output, new Output.UpJson { Address = mesh.Address, KeyFile = keyFile });
        }
        else
        {
            shell.Output.WriteLine(mesh.Address);
            shell.Output.Flush();
        }
    }
}
