using System.Globalization;
using System.Text.RegularExpressions;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>Which argument of the command a field of a request came from.</summary>
internal static partial class ArgumentNames
{
    private const string QueryField = "spec.query_json";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["spec.terms"] = "TERM",
        ["spec.match"] = "--match",
        ["spec.actors"] = "NAME|URL",
        ["spec.videos"] = "ID|URL",
        [QueryField] = "FILE",
        ["spec.subjects"] = "NAME|ID",
        ["spec.of_collection_id"] = "--of",
        ["spec.days"] = "--from/--to",
        ["spec.days.from"] = "--from",
        ["spec.days.to"] = "--to",
        ["spec.regions"] = "--region",
        ["spec.languages"] = "--language",
        ["spec.public_figure_ids"] = "--public-figures",
        ["spec.fields"] = "--fields",
        ["spec.max_results"] = "--max-results",
        ["spec.sample"] = "--sample",
        ["spec.max_units"] = "--max-units",
        ["spec.units_per_day"] = "--units-per-day",
        ["spec.standing"] = "--follow",
        ["spec.priority"] = "--priority",
        ["spec.tier"] = "--tier",
        ["spec.without_profiles"] = "--no-profiles",
        ["spec.query_design_id"] = "--query-design-id",
        ["spec.collection_run_id"] = "--collection-run-id",
        ["spec.labels"] = "--label",
        ["request_id"] = "--new",
        ["collection_id"] = "COLLECTION",
        ["credential_id"] = "ID",
        ["account"] = "--account",
        ["client_key"] = "--client-key",
        ["client_secret"] = "--secret-file",
        ["max_units"] = "--max-units",
        ["bucket"] = "--bucket",
        ["policy"] = "--interactive-share/--refresh-share",
        ["policy.mode"] = "--mode",
        ["policy.background_per_hour"] = "--per-hour",
        ["policy.interactive_share"] = "--interactive-share",
        ["policy.refresh_share"] = "--refresh-share",
        ["policy.caller_caps"] = "--caps",
        ["policy.caller_weights"] = "--weights",
        ["kind"] = "--filed/--answered",
        ["SUPPORT_NOTE_KIND_FILED"] = "--filed",
        ["SUPPORT_NOTE_KIND_ANSWERED"] = "--answered",
        ["made_at"] = "--made-at",
        ["text"] = "TEXT",
    };

    /// <summary>One line for every violation: the argument, what is wrong, what is allowed.</summary>
    public static string Explain(IReadOnlyList<FieldViolation> violations) => string.Join("; ", violations.Select(Explain));

    /// <summary>The argument that a field came from, e.g. <c>--from</c>, or the second <c>TERM</c>.</summary>
    public static string Of(string field)
    {
        var plain = Index().Replace(field, "");
        for (var path = plain; path.Length > 0; path = path.LastIndexOf('.') is var dot and > 0 ? path[..dot] : "")
        {
            if (Names.TryGetValue(path, out var name))
            {
                return name is ("TERM" or "NAME|URL" or "ID|URL" or "NAME|ID") && int.TryParse(Index().Match(field).Groups["index"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    ? string.Create(CultureInfo.InvariantCulture, $"{name} {index + 1}")
                    : name;
            }
        }

        return field;
    }

    /// <summary>One violation on a line of its own; where a file is judged, its path within the file comes first.</summary>
    public static string ExplainPath(FieldViolation violation) =>
        string.Equals(violation.Field, QueryField, StringComparison.Ordinal) ? violation.Description.ReplaceLineEndings(" ").TrimEnd('.') : Explain(violation);

    private static string Explain(FieldViolation violation)
    {
        var name = Of(violation.Field);
        var words = Marked().Replace(
            violation.Description.ReplaceLineEndings(" ").TrimEnd('.'),
            mark => Names.GetValueOrDefault($"spec.{mark.Groups["field"].Value}") ?? Names.GetValueOrDefault(mark.Groups["field"].Value) ?? mark.Value);

        // The mesh names its own field; the person typed an argument.
        foreach (var field in (string[])[violation.Field, .. Endings(Index().Replace(violation.Field, ""))])
        {
            if (words.StartsWith(field, StringComparison.Ordinal))
            {
                return name + words[field.Length..];
            }
        }

        // Some descriptions name the argument as it is typed here.
        return name.Split('/', '|', ' ').Any(part => words.StartsWith(part + " ", StringComparison.Ordinal) || words.StartsWith(part + ":", StringComparison.Ordinal)) ? words : $"{name}: {words}";
    }

    /// <summary>E.g. <c>spec.days.to</c>, <c>days.to</c>, <c>to</c>.</summary>
    private static IEnumerable<string> Endings(string path)
    {
        for (var start = 0; start >= 0 && start < path.Length; start = path.IndexOf('.', start) + 1 is > 0 and var next ? next : -1)
        {
            yield return path[start..];
        }
    }

    /// <summary>Other fields, as a description names them.</summary>
    [GeneratedRegex("`(?<field>[A-Za-z_.]+)`", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Marked();

    [GeneratedRegex(@"\[(?<index>[^\]]*)\]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Index();
}
