using System.CommandLine;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary><c>--label KEY=VALUE</c>.</summary>
internal static class LabelOptions
{
    public static Option<string[]> Create(string description) => new("--label") { HelpName = "KEY=VALUE", Description = description };

    /// <summary>Puts them into a spec.</summary>
    public static void Read(string[]? labels, CollectionSpec spec)
    {
        foreach (var label in labels ?? [])
        {
            if (label.Split('=', 2) is not [{ Length: > 0 } key, var value])
            {
                throw CommandRefusedException.BadInput($"--label is '{label}'; allowed is KEY=VALUE");
            }

            spec.Labels[key] = value;
        }
    }
}
