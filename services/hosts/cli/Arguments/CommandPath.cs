using System.CommandLine.Parsing;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>A command as it is typed.</summary>
internal static class CommandPath
{
    /// <summary>E.g. <c>mesh collect terms</c>.</summary>
    public static string Of(CommandResult command)
    {
        Stack<string> names = [];
        for (SymbolResult? result = command; result is CommandResult one; result = one.Parent)
        {
            names.Push(one.Parent is null ? "mesh" : one.Command.Name);
        }

        return string.Join(' ', names);
    }
}
