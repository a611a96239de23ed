using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Sessions;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary>A verb that runs: its arguments, its session, and how it answers.</summary>
internal sealed class Verb(CommonOptions common, ParseResult parsed, MeshSession session)
{
    /// <summary>What was typed.</summary>
    public ParseResult Parsed { get; } = parsed;

    /// <summary>The mesh.</summary>
    public MeshSession Mesh { get; } = session;

    /// <summary>The world around.</summary>
    public Shell Shell => common.Shell;

    /// <summary>Whether results are one JSON object.</summary>
    public bool Json => Parsed.GetValue(common.Json);

    /// <summary>Lets a command run with a session of its own.</summary>
    public static void Runs(Command command, CommonOptions common, string name, Func<Verb, CancellationToken, Task<int>> run) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await MeshSession.OpenAsync(common.Place(parsed), common.Shell, name, cancellationToken);
            return await run(new Verb(common, parsed, session), cancellationToken);
        });

    /// <summary>As the other, for a command that reads more arguments: what is wrong with them is said before anything starts.</summary>
    public static void Runs<T>(Command command, CommonOptions common, string name, Func<ParseResult, DateTimeOffset, T> read, Func<Verb, T, CancellationToken, Task<int>> run) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var place = common.Place(parsed);
            var arguments = read(parsed, common.Shell.Clock.GetUtcNow());
            await using var session = await MeshSession.OpenAsync(place, common.Shell, name, cancellationToken);
            return await run(new Verb(common, parsed, session), arguments, cancellationToken);
        });

    /// <summary>Writes the object, where it is wanted.</summary>
    public void Write<T>(Func<T> json)
    {
        if (Json)
        {
            Output.JsonLine.Write(Shell.Output, json());
        }
    }
}
