using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Commands;
using IssueObservatory.Mesh.Cli.Output;

namespace IssueObservatory.Mesh.Cli;

/// <summary>The command <c>mesh</c>: reads the arguments, runs the verb, turns what went wrong into one line and an exit code.</summary>
internal static class MeshCommand
{
    /// <summary>Runs one command line; answers its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Shell shell, CancellationToken cancellationToken)
    {
        try
        {
            // The sandbox is a program of its own, with options of its own.
            if (args is [SandboxCommand.Name, .. var options])
            {
                return await SandboxCommand.RunAsync(options, shell, cancellationToken);
            }

            var parsed = Parse(args, shell);
            if (Problem(parsed) is { } problem)
            {
                throw CommandRefusedException.BadInput(problem);
            }

            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = shell.Output, Error = shell.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellationToken);
        }
        catch (Exception failure) when (Failure.Explain(failure, cancellationToken) is { } explained)
        {
            shell.Say("mesh: " + explained.Message);
            if (args.TakeWhile(arg => arg is not "--").Contains("--json", StringComparer.Ordinal))
            {
                JsonLine.Write(shell.Output, new FailureJson { Error = new() { Reason = explained.Reason, Message = explained.Message } });
            }

            return explained.ExitCode;
        }
    }

    /// <summary>Reads a command line; no argument is ever taken for the name of a file with more arguments.</summary>
    internal static ParseResult Parse(string[] args, Shell shell) =>
        Create(shell).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

    /// <summary>What is wrong with a command line, in one line; null when it can run.</summary>
    internal static string? Problem(ParseResult parsed)
    {
        if (parsed.Action is ParseErrorAction)
        {
            var names = CommandPath.Of(parsed.CommandResult);
            // The options' own words say what is allowed, so all of them are told; of the parser's the last is about the matter.
            if (parsed.Errors.Select(error => error.Message).Where(message => message.Contains("allowed", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } refused)
            {
                return string.Join("; ", refused);
            }

            return parsed.Errors.Select(error => error.Message).LastOrDefault() switch
            {
                "Required command was not provided." => $"`{names}` needs one of: {string.Join(", ", parsed.CommandResult.Command.Subcommands.Select(command => command.Name))}; `{names} --help` explains them",
                { } message => $"{message.TrimEnd('.')}; `{names} --help` lists what is allowed",
                null => $"`{names} --help` lists what is allowed",
            };
        }

        // An argument that takes any words would swallow a mistyped option.
        var mistyped = parsed.Tokens.TakeWhile(token => token.Type is not TokenType.DoubleDash)
            .FirstOrDefault(token => token.Type is TokenType.Argument && token.Value is ['-', '-' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ..]);
        return mistyped is null ? null : $"{mistyped.Value} is not an option of `{CommandPath.Of(parsed.CommandResult)}`; its --help lists them (after ` -- ` everything is an argument)";
    }

    private static RootCommand Create(Shell shell)
    {
        var common = new CommonOptions(shell);
        var root = new RootCommand("Collects TikTok videos for research, spends the daily requests well, and says what is missing.")
        {
            common.Data, common.Server, common.KeyFile, common.Json, common.Rate,
        };
        root.Directives.Clear();
        Command[] verbs =
        [
            DemoCommand.Create(common),
            UpCommand.Create(common),
            SandboxCommand.Create(common),
            CollectCommand.Create(common),
            EstimateCommand.Create(common),
            StatusCommand.Create(common),
            ListCommand.Create(common),
            WatchCommand.Create(common),
            .. SteerCommands.Create(common),
            CoverageCommand.Create(common),
            BlackoutsCommand.Create(common),
            SupportReportCommand.Create(common),
            QuotaCommand.Create(common),
            CredentialsCommand.Create(common),
            RecordsCommand.Create(common),
            ExportCommand.Create(common),
            RefreshCommand.Create(common),
            ReplayCommand.Create(common),
            QueryCommand.Create(common),
            VersionCommand.Create(common),
        ];
        foreach (var verb in verbs)
        {
            root.Subcommands.Add(verb);
        }

        return root;
    }
}
