using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One video as TikTok described it. Every field but the id may be absent (null), also when it was asked for; a count of zero is 0, not null.</summary>
public sealed record VideoItem : IResearchItem<VideoItem>
{
    /// <summary>As text: ids have 19 digits, and documented ones are beyond int64.</summary>
    public required string Id { get; init; }

    public DateTimeOffset? CreateTime { get; init; }

    public string? Username { get; init; }

    /// <summary>In capitals; TikTok's second pages have had it in small letters.</summary>
    public string? RegionCode => RegionCodeAsSent?.Trim().ToUpperInvariant();

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

    /// <summary>As it came: TikTok's pages contradict each other about its meaning, so a number means something with its endpoint only.</summary>
    public JsonElement? VideoTag { get; init; }

    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    static NameTable IResearchItem<VideoItem>.Names { get; } = new([.. VideoFields.All, "video_id", "favourites_count"]);

    /// <summary>The id only: names and texts stay out of logs.</summary>
    public override string ToString() => $"video {Id}";

    static VideoItem? IResearchItem<VideoItem>.Of(ref LenientFields fields) => (fields["id"u8].Id() ?? fields["video_id"u8].Id()) is not { } id ? null : new()
    {
        Id = id,
        CreateTime = fields.Time("create_time"u8),
        Username = fields.Text("username"u8),
        RegionCodeAsSent = fields.Text("region_code"u8),
        VideoDescription = fields.Text("video_description"u8),
        VoiceToText = fields.Text("voice_to_text"u8),
        ViewCount = fields.Count("view_count"u8),
        LikeCount = fields.Count("like_count"u8),
        CommentCount = fields.Count("comment_count"u8),
        ShareCount = fields.Count("share_count"u8),
        FavoritesCount = fields.Count("favorites_count"u8) ?? fields.Count("favourites_count"u8),
        VideoDuration = fields.Count("video_duration"u8),
        MusicId = fields.Id("music_id"u8),
        PlaylistId = fields.Id("playlist_id"u8),
        IsStemVerified = fields.Truth("is_stem_verified"u8),
        HashtagNames = fields.Texts("hashtag_names"u8),
        EffectIds = fields.Texts("effect_ids"u8),
        VideoMentionList = fields.Texts("video_mention_list"u8),
        HashtagInfoList = fields.Objects("hashtag_info_list"u8, HashtagInfo.Names, HashtagInfo.Of),
        StickerInfoList = fields.Objects("sticker_info_list"u8, StickerInfo.Names, StickerInfo.Of),
        EffectInfoList = fields.Objects("effect_info_list"u8, EffectInfo.Names, EffectInfo.Of),
        VideoLabel = fields.Structure("video_label"u8),
        VideoTag = fields.Structure("video_tag"u8),
        UnreadableFields = fields.Unreadable,
        UnknownFields = fields.Unknown,
    };
}
