using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Sandbox;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh sandbox</c>: the simulated Research API alone; its own program reads the arguments.</summary>
internal static class SandboxCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "sandbox";

    public static Command Create(CommonOptions common)
    {
        var command = new Command(Name, "Run a simulated Research API on 127.0.0.1:5090 until interrupted; `mesh sandbox --help` lists its options");
        command.SetAction((_, cancellationToken) => RunAsync([], common.Shell, cancellationToken));
        return command;
    }

    /// <summary>Runs until interrupted; its exit codes are ours.</summary>
    public static Task<int> RunAsync(string[] options, Shell shell, CancellationToken cancellationToken) =>
        SandboxProgram.RunAsync(options, shell.Output, shell.Error, cancellationToken);
}
