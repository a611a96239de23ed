using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One video as TikTok described it. Every field but the id may be absent (null), also when it was asked for; a count of zero is 0, not null.</summary>
public sealed record VideoItem
{
    /// <summary>As text: ids have 19 digits, and documented ones are beyond int64.</summary>
    public required string Id { get; init; }

    public DateTimeOffset? CreateTime { get; init; }

    public string? Username { get; init; }

    /// <summary>In capitals; TikTok's second pages have had it in small letters.</summary>
    public string? RegionCode { get; init; }

    /// <summary>As it came, for records that show what TikTok said.</summary>
    public string? RegionCodeAsSent { get; init; }

    public string? VideoDescription { get; init; }

    public string? VoiceToText { get; init; }

    public long? ViewCount { get; init; }

    public long? LikeCount { get; init; }

    public long? CommentCount { get; init; }

    public long? ShareCount { get; init; }

    public long? FavoritesCount { get; init; }

    /// <summary>Seconds.</summary>
    public long? VideoDuration { get; init; }

    public string? MusicId { get; init; }

    public string? PlaylistId { get; init; }

    public bool? IsStemVerified { get; init; }

    public IReadOnlyList<string>? HashtagNames { get; init; }

    public IReadOnlyList<string>? EffectIds { get; init; }

    public IReadOnlyList<string>? VideoMentionList { get; init; }

    public IReadOnlyList<HashtagInfo>? HashtagInfoList { get; init; }

    public IReadOnlyList<StickerInfo>? StickerInfoList { get; init; }

    public IReadOnlyList<EffectInfo>? EffectInfoList { get; init; }

    /// <summary>As it came: TikTok has not published its shape.</summary>
    public JsonElement? VideoLabel { get; init; }

    /// <summary>As it came: TikTok's pages contradict each other about its meaning.</summary>
    public JsonElement? VideoTag { get; init; }

    /// <summary>Fields that were there but could not be read (a negative count, an object where text belongs); their values are null.</summary>
    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    /// <summary>Fields that TikTok sent and we do not know; they stay in the page.</summary>
    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    /// <summary>The id only: names and texts stay out of logs.</summary>
    public override string ToString() => $"video {Id}";
}

public sealed record HashtagInfo(string? HashtagId, string? HashtagName, string? HashtagDescription);

public sealed record StickerInfo(string? StickerId, string? StickerName);

public sealed record EffectInfo(string? EffectId, string? EffectName, string? EffectPhotoUrl);

/// <summary>Why an item cannot become a record. It goes to quarantine with this, and the others go on.</summary>
public enum ReadError
{
    /// <summary>The bytes are not JSON.</summary>
    NotJson,

    /// <summary>A number, a text, a list or null where a video belongs.</summary>
    NotAnObject,

    /// <summary>No id, or none that is a number or a word.</summary>
    NoId,
}
