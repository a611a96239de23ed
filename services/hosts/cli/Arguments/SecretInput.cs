using System.CommandLine;
using System.Text;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>A secret that is typed unseen, piped, or read from a file: never an argument, which every process of the machine could see.</summary>
internal sealed class SecretInput
{
    private const int Longest = 256;

    private readonly Option<bool> fromInput = new("--secret-stdin") { Description = "Read the client secret from the standard input" };
    private readonly Option<string> file = new("--secret-file") { HelpName = "FILE", Description = "Read the client secret from a file" };

    /// <summary>Adds the options to a command.</summary>
    public SecretInput(Command command)
    {
        command.Options.Add(fromInput);
        command.Options.Add(file);
    }

    /// <summary>The secret.</summary>
    public Secret<string> Read(ParseResult parsed, Shell shell, string prompt)
    {
        var path = parsed.GetValue(file);
        if (path is not null && parsed.GetValue(fromInput))
        {
            throw CommandRefusedException.BadInput("--secret-stdin and --secret-file cannot be used together");
        }

        var (source, text) = path is not null ? ("--secret-file", FromFile(path))
            : parsed.GetValue(fromInput) ? ("--secret-stdin", shell.Input.ReadToEnd())
            : shell.InputIsTerminal ? ("the client secret", FromKeyboard(shell, prompt))
            : throw CommandRefusedException.BadInput("the client secret is needed: --secret-stdin, --secret-file FILE, or a terminal to type it");
        var secret = text.Trim();
        return secret.Length is > 0 and <= Longest && !secret.Any(char.IsControl)
            ? new(secret)
            : throw CommandRefusedException.BadInput($"{source} gives no secret; allowed are 1–{Longest} characters on one line");
    }

    private static string FromFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw CommandRefusedException.BadInput($"--secret-file {path} cannot be read; allowed is a file that holds the secret");
        }
    }

    private static string FromKeyboard(Shell shell, string prompt)
    {
        shell.Error.Write(prompt);
        shell.Error.Flush();
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key is not ConsoleKey.Enter)
        {
            if (key.Key is ConsoleKey.Backspace && typed.Length > 0)
            {
                typed.Length--;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        shell.Error.WriteLine();
        return typed.ToString();
    }
}
