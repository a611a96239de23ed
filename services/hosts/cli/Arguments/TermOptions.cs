using System.CommandLine;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>What says how terms are read: <c>--match</c> and <c>--region</c>.</summary>
internal sealed class TermOptions
{
    private readonly Option<string?> match = OptionOf.Word("--match", "How a bare word is matched (default keyword)", "hashtag", "keyword", "both");
    private readonly Option<string[]> regions = OptionOf.List("--region", "DK,SE", "Regions as TikTok knows them; * for all (default: DK)");

    private TermOptions()
    {
    }

    /// <summary>Adds them to a command that reads terms.</summary>
    public static TermOptions AddTo(Command command)
    {
        var options = new TermOptions();
        command.Options.Add(options.match);
        command.Options.Add(options.regions);
        return options;
    }

    /// <summary>What a value of <c>--match</c> stands for.</summary>
    public static TermMatch MatchOf(string? word) => word switch
    {
        "hashtag" => TermMatch.Hashtag,
        "keyword" => TermMatch.Keyword,
        "both" => TermMatch.Both,
        _ => TermMatch.Unspecified,
    };

    /// <summary>Puts them into a spec.</summary>
    public void Read(ParseResult parsed, CollectionSpec spec)
    {
        spec.Match = MatchOf(parsed.GetValue(match));
        spec.Regions.Add(parsed.GetValue(regions) ?? []);
    }

    /// <summary>The first of them that was typed; null when none was.</summary>
    public string? Given(ParseResult parsed) => parsed.GetResult(match) is not null ? match.Name : parsed.GetResult(regions) is not null ? regions.Name : null;
}
