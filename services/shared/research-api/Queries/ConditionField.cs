namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What a condition of a video query can look at.</summary>
public enum ConditionField
{
    CreateDate,
    Username,
    RegionCode,
    VideoId,
    HashtagName,
    Keyword,
    MusicId,
    EffectId,
    VideoLength,
    ViewCount,
    CommentCount,
}

/// <summary>TikTok's own names of <see cref="ConditionField"/>.</summary>
public static class ConditionFields
{
    private static readonly (ConditionField Field, string Name)[] Table =
    [
        (ConditionField.CreateDate, "create_date"),
        (ConditionField.Username, "username"),
        (ConditionField.RegionCode, "region_code"),
        (ConditionField.VideoId, "video_id"),
        (ConditionField.HashtagName, "hashtag_name"),
        (ConditionField.Keyword, "keyword"),
        (ConditionField.MusicId, "music_id"),
        (ConditionField.EffectId, "effect_id"),
        (ConditionField.VideoLength, "video_length"),
        (ConditionField.ViewCount, "view_count"),
        (ConditionField.CommentCount, "comment_count"),
    ];

    /// <summary>The eleven names, in the documentation's order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>The name on the wire, e.g. <c>hashtag_name</c>.</summary>
    public static string ApiName(this ConditionField field) =>
        Enum.IsDefined(field) ? Table[(int)field].Name : $"unknown field {(int)field}";

    /// <summary>Finds the field that TikTok calls <paramref name="name"/> (exact case).</summary>
    public static bool TryParse(string? name, out ConditionField field)
    {
        foreach (var row in Table)
        {
            if (string.Equals(row.Name, name, StringComparison.Ordinal))
            {
                field = row.Field;
                return true;
            }
        }

        field = default;
        return false;
    }

    /// <summary>Dates and counts can be compared with GT, GTE, LT and LTE; everything else only with EQ and IN.</summary>
    public static bool IsOrdered(this ConditionField field) =>
        field is ConditionField.CreateDate or ConditionField.ViewCount or ConditionField.CommentCount;
}
