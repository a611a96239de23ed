namespace IssueObservatory.Mesh.Cli;

/// <summary>The command cannot be done; the message is the one line that says why and what is allowed.</summary>
internal sealed class CommandRefusedException(int exitCode, string message) : Exception(message)
{
    /// <summary>What the shell is told.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>An argument that is not allowed.</summary>
    public static CommandRefusedException BadInput(string message) => new(Cli.ExitCode.BadInput, message);

    /// <summary>Something around us that does not work.</summary>
    public static CommandRefusedException Failed(string message) => new(Cli.ExitCode.Failed, message);
}
