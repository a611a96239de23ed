using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh coverage</c>: what is known per input and day.</summary>
internal static class CoverageCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("coverage", "What is known per input and day of a collection");
        var collection = new CollectionArgument(command, required: false);
        Verb.Runs(command, common, "coverage", async (verb, cancellationToken) =>
        {
            var id = await collection.FindAsync(verb, cancellationToken);
            var coverage = await verb.Mesh.AskAsync(async (mesh, stopping) => await mesh.Arena.GetCoverageAsync(new() { CollectionId = id }, cancellationToken: stopping), cancellationToken);
            verb.Write(() => new CoverageJson { CollectionId = id, Spans = [.. coverage.Spans.Select(ToJson)] });
            if (!verb.Json)
            {
                var table = new TextTable("input", "class", "from", "to", "videos", "state");
                foreach (var span in coverage.Spans)
                {
                    table.Add(span.Input, Words.Of(span.Class), span.Days.From, span.Days.To, span.HasVideos ? CollectionText.Number(span.Videos) : "", CollectionText.Coverage(span));
                }

                table.Write(verb.Shell);
            }

            return ExitCode.Complete;
        });
        return command;
    }

    private static CoverageSpanJson ToJson(CoverageSpan span) => new()
    {
        Input = span.Input,
        Class = Words.Of(span.Class),
        From = Words.OrNull(span.Days.From),
        To = Words.OrNull(span.Days.To),
        State = Words.Of(span.State),
        Reason = span.State is CoverageState.Gap or CoverageState.Partial ? Words.Of(span.Reason) : null,
        Doubtful = span.Doubtful,
        Videos = span.HasVideos ? span.Videos : null,
    };
}
