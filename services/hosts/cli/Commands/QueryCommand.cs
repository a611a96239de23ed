using System.CommandLine;
using System.Text.Json;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh query check</c>: the query that would be sent. Sends nothing and opens no folder.</summary>
internal static class QueryCommand
{
    private static readonly Argument<string[]> Inputs = new("FILE|TERM")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "A file as for `collect query` (one argument that ends in .json or names a file here), otherwise terms as for `collect terms`; "
            + "a word that is also the name of a file is written '\"word\"'",
        CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
    };

    private static readonly Option<string?> File = new("--file") { HelpName = "FILE", Description = "A file as for `collect query`, whatever its name is" };

    public static Command Create(CommonOptions common)
    {
        var query = new Command("query", "Look at queries of the Research API before anything is spent");
        var check = new Command("check", "Print the query object that a file or terms lead to, one line for each search that asks differently; nothing is sent") { Inputs, File };
        var terms = TermOptions.AddTo(check);
        check.SetAction(parsed => Run(common, parsed, Read(parsed, terms)));
        query.Subcommands.Add(check);
        return query;
    }

    private static int Run(CommonOptions common, ParseResult parsed, CollectionSpec spec)
    {
        var (shell, json) = (common.Shell, parsed.GetValue(common.Json));
        try
        {
            var queries = QueryPreview.Of(spec, shell.Clock.GetUtcNow());
            if (json)
            {
                JsonLine.Write(shell.Output, new QueryCheckJson { Queries = [.. queries.Select(ToElement)] });
                return ExitCode.Complete;
            }

            foreach (var query in queries)
            {
                shell.Output.WriteLine(query);
            }

            return ExitCode.Complete;
        }
        catch (MeshException refused) when (refused.Violations.Count > 0)
        {
            string[] lines = [.. refused.Violations.Select(ArgumentNames.ExplainPath)];
            foreach (var line in lines)
            {
                shell.Say("mesh: " + line);
            }

            if (json)
            {
                JsonLine.Write(shell.Output, new FailureJson { Error = new() { Reason = "BAD_INPUT", Message = string.Join("; ", lines) } });
            }

            return ExitCode.BadInput;
        }
    }

    private static CollectionSpec Read(ParseResult parsed, TermOptions terms)
    {
        var given = parsed.GetValue(Inputs) ?? [];
        if (parsed.GetValue(File) is { } named)
        {
            return given.Length == 0 ? OfFile(parsed, named, terms) : throw CommandRefusedException.BadInput("--file cannot be used with further arguments; allowed is one file, or terms");
        }

        if (given.Length == 0)
        {
            throw CommandRefusedException.BadInput("FILE or TERM is needed; allowed is one file, or terms such as '#dkpol \"to ord\"'");
        }

        return given.FirstOrDefault(IsFile) switch
        {
            null => OfTerms(parsed, given, terms),
            var file when given.Length == 1 => OfFile(parsed, file, terms),
            var file => throw CommandRefusedException.BadInput($"'{file}' is a file, and there are {given.Length} arguments; allowed is one file, or terms"),
        };
    }

    private static CollectionSpec OfTerms(ParseResult parsed, string[] given, TermOptions terms)
    {
        var spec = new CollectionSpec { Terms = { given } };
        terms.Read(parsed, spec);
        return spec;
    }

    private static CollectionSpec OfFile(ParseResult parsed, string file, TermOptions terms) =>
        terms.Given(parsed) is { } option
            ? throw CommandRefusedException.BadInput($"{option} goes with terms only: a query brings its own; allowed is to leave it out")
            : new() { QueryJson = QueryFiles.Read(file) };

    private static bool IsFile(string argument) => argument.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || System.IO.File.Exists(argument);

    private static JsonElement ToElement(string query)
    {
        using var document = JsonDocument.Parse(query);
        return document.RootElement.Clone();
    }
}
