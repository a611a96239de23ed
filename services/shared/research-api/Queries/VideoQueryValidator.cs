using System.Buffers;
using System.Globalization;
using System.Text;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Names everything that is wrong with a query, all at once, before a unit is spent on it.</summary>
public static class VideoQueryValidator
{
    /// <summary>Longest keyword and hashtag, in characters (Unicode code points).</summary>
    public const int LongestText = 200;

    // TikTok has handed out ids beyond 64 bits; a refresh asks for what was handed out.
    private const int LongestId = 25;

    private const int LongestUsername = 64;

    private static readonly string[] VideoLengths = ["SHORT", "MID", "LONG", "EXTRA_LONG"];

    private static readonly SearchValues<char> UsernameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>All violations, in the order of the query; empty when it can be sent.</summary>
    /// <param name="query">What to judge.</param>
    /// <param name="path">What to call the query in the violations' paths.</param>
    /// <param name="limits">Limits to hold; none unless given.</param>
    public static IReadOnlyList<Violation> Validate(VideoQuery query, string path = "query", QueryLimits? limits = null)
    {
        var found = new List<Violation>();
        var count = query.And.Count + query.Or.Count + query.Not.Count;
        if (count == 0)
        {
            found.Add(new(path, "needs at least one condition in and, or, or not"));
        }
        else if (count > limits?.MostConditions)
        {
            found.Add(new(path, $"has {count} conditions; at most {limits.MostConditions} are allowed"));
        }

        CheckAll(query.And, $"{path}.and");
        CheckAll(query.Or, $"{path}.or");
        CheckAll(query.Not, $"{path}.not");
        return found;

        void CheckAll(IReadOnlyList<Condition> conditions, string list)
        {
            for (var i = 0; i < conditions.Count; i++)
            {
                Check(conditions[i], $"{list}[{i}]", found);
                if (conditions[i].Values.Count is var values && values > limits?.MostValues)
                {
                    found.Add(new($"{list}[{i}].field_values", $"has {values} values; at most {limits.MostValues} are allowed"));
                }
            }
        }
    }

    /// <summary>Why this value cannot stand in a condition on that field; null when it can.</summary>
    public static string? ExplainValue(ConditionField field, string value) => field switch
    {
        ConditionField.CreateDate => ApiDate.TryParse(value, out _) ? null : "a date is written YYYYMMDD, e.g. 20260131",
        ConditionField.Username => ExplainUsername(value),
        ConditionField.RegionCode => RegionCodes.Contains(value) ? null : RegionCodes.Explain(value),
        ConditionField.VideoId => IsId(value) ? null : $"an id is written in digits only, {LongestId} at most",
        ConditionField.MusicId or ConditionField.EffectId =>
            IsWholeNumber(value) ? null : "an id is written in digits only, up to 9223372036854775807",
        ConditionField.HashtagName => ExplainHashtag(value),
        ConditionField.Keyword => ExplainText(value),
        ConditionField.VideoLength => VideoLengths.Contains(value, StringComparer.Ordinal) ? null : "must be SHORT, MID, LONG or EXTRA_LONG",
        ConditionField.ViewCount or ConditionField.CommentCount =>
            IsWholeNumber(value) ? null : "a count is written in digits only, e.g. 1000",
        _ => null,
    };

    internal static void Check(Condition condition, string path, List<Violation> found)
    {
        var (field, operation, values) = condition;
        if (!Enum.IsDefined(field))
        {
            found.Add(new($"{path}.field_name", $"must be one of {string.Join(", ", ConditionFields.Names)}"));
        }

        if (!Enum.IsDefined(operation))
        {
            found.Add(new($"{path}.operation", $"must be one of {string.Join(", ", ConditionOperations.Names)}"));
        }
        else if (operation.IsOrdering() && Enum.IsDefined(field) && !field.IsOrdered())
        {
            found.Add(new($"{path}.operation", $"{operation.ApiName()} works on create_date, view_count and comment_count only; {field.ApiName()} takes EQ or IN"));
        }

        if (values.Count == 0)
        {
            found.Add(new($"{path}.field_values", "needs at least one value"));
        }
        else if (values.Count > 1 && operation != ConditionOperation.In)
        {
            found.Add(new($"{path}.field_values", $"{operation.ApiName()} takes exactly one value, not {values.Count}{(operation is ConditionOperation.Eq ? "; several need IN" : "")}"));
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (ExplainValue(field, values[i]) is { } why)
            {
                found.Add(new($"{path}.field_values[{i}]", why));
            }
        }
    }

    private static string? ExplainUsername(string value)
    {
        if (value.StartsWith('@'))
        {
            return "a username is written without the @";
        }

        return value.Length is > 0 and <= LongestUsername && !value.AsSpan().ContainsAnyExcept(UsernameCharacters)
            ? null
            : $"a username is 1 to {LongestUsername} letters a-z, digits, underscores and periods";
    }

    private static string? ExplainHashtag(string value)
    {
        if (value.Contains('#'))
        {
            return "a hashtag is written without the #";
        }

        return ExplainText(value) ?? (value.Any(char.IsWhiteSpace) ? "a hashtag has no spaces" : null);
    }

    private static string? ExplainText(string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return $"must have 1 to {LongestText} characters";
        }

        var length = 0;
        for (var rest = value.AsSpan(); !rest.IsEmpty; length++)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != OperationStatus.Done || Rune.IsControl(rune))
            {
                return "holds a control character or half a character";
            }

            rest = rest[consumed..];
        }

        return length <= LongestText ? null : $"must have 1 to {LongestText} characters, not {length}";
    }

    private static bool IsId(string value) => value.Length is > 0 and <= LongestId && !value.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool IsWholeNumber(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
