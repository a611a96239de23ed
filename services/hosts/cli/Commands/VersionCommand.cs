using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("version", "Version of the mesh and of its runtime");
        command.SetAction(parsed =>
        {
            var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
            if (parsed.GetValue(common.Json))
            {
                JsonLine.Write(common.Shell.Output, new VersionJson { Version = version, Runtime = RuntimeInformation.FrameworkDescription });
            }
            else
            {
                common.Shell.Output.WriteLine($"mesh {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
            }

            return ExitCode.Complete;
        });
        return command;
    }
}
