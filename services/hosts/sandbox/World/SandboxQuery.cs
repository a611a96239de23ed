using System.Globalization;
using System.Text.Json;

namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A query in the API's terms: all of And, at least one of Or, none of Not; an empty list says nothing.</summary>
public sealed record SandboxQuery
{
    public IReadOnlyList<SandboxCondition> And { get; init; } = [];

    public IReadOnlyList<SandboxCondition> Or { get; init; } = [];

    public IReadOnlyList<SandboxCondition> Not { get; init; } = [];

    /// <summary>Reads the JSON object that stands under <c>query</c> in a request.</summary>
    /// <exception cref="FormatException">It is not a valid query; the message names every fault.</exception>
    public static SandboxQuery Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var errors = new List<string>();
            var query = Api.QueryReader.Read(document.RootElement, new(), errors);
            return errors.Count == 0 ? query : throw new FormatException(string.Join("; ", errors));
        }
        catch (JsonException e)
        {
            throw new FormatException("the query is not JSON", e);
        }
    }

    /// <summary>Whether the query finds the video with the counts that it has at <paramref name="now"/>.</summary>
    public bool Matches(SandboxVideo video, DateTimeOffset now) =>
        And.All(condition => condition.Matches(video, now))
        && (Or.Count == 0 || Or.Any(condition => condition.Matches(video, now)))
        && !Not.Any(condition => condition.Matches(video, now));

    /// <summary>One text for queries that differ only in spelling.</summary>
    internal string Canonical() => JsonSerializer.Serialize(this);

    /// <summary>Whether the query asks for this account by name.</summary>
    internal bool Names(string username) => And.Concat(Or).Any(condition =>
        condition.FieldName == "username" && condition.FieldValues.Contains(username, StringComparer.OrdinalIgnoreCase));

    /// <summary>What the query searches by: hashtag, keyword, username, id; several, or none.</summary>
    internal IReadOnlyList<string> Classes() =>
        [.. And.Concat(Or).Select(condition => condition.Class).OfType<string>().Distinct(StringComparer.Ordinal)];
}

/// <summary>One condition; its values are text also where they mean numbers or dates.</summary>
public sealed record SandboxCondition(string Operation, string FieldName, IReadOnlyList<string> FieldValues)
{
    internal string? Class => FieldName switch
    {
        "hashtag_name" => "hashtag",
        "keyword" => "keyword",
        "username" => "username",
        "video_id" => "id",
        _ => null,
    };

    /// <summary>Whether the video fulfils this condition.</summary>
    public bool Matches(SandboxVideo video, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(video);
        return FieldName switch
        {
            "create_date" => Compare(video.CreateTime.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)),
            "username" => IsOneOf(SandboxWorld.Handle(video.Username)),
            "region_code" => IsOneOf(video.RegionCode),
            "video_id" => IsOneOf(video.Id.ToString(CultureInfo.InvariantCulture)),
            "hashtag_name" => video.HashtagNames.Any(IsOneOf),
            "keyword" => FieldValues.Any(value => video.Description.Contains(value, StringComparison.OrdinalIgnoreCase)),
            "music_id" => IsOneOf(video.MusicId.ToString(CultureInfo.InvariantCulture)),
            "effect_id" => video.EffectIds is { } effects && effects.Any(IsOneOf),
            "video_length" => IsOneOf(Length(video.DurationSeconds)),
            "view_count" => Compare(video.CountsAt(now).Views),
            "comment_count" => Compare(video.CountsAt(now).Comments),
            _ => false,
        };
    }

    internal static string Length(int seconds) => seconds switch
    {
        < 15 => "SHORT",
        <= 60 => "MID",
        <= 300 => "LONG",
        _ => "EXTRA_LONG",
    };

    private bool IsOneOf(string actual) => FieldValues.Contains(actual, StringComparer.OrdinalIgnoreCase);

    private bool Compare(string actual) => FieldValues.Any(value => Holds(string.CompareOrdinal(actual, value)));

    private bool Compare(long actual) => FieldValues.Any(value => Holds(actual.CompareTo(long.Parse(value, CultureInfo.InvariantCulture))));

    private bool Holds(int order) => Operation switch
    {
        "GT" => order > 0,
        "GTE" => order >= 0,
        "LT" => order < 0,
        "LTE" => order <= 0,
        _ => order == 0,
    };
}
