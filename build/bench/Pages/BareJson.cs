using System.Text.Json;
using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Bench;

/// <summary>The reply as a textbook would type it.</summary>
internal sealed record BareReply(BareData? Data, BareError? Error);

internal sealed record BareData(IReadOnlyList<BareVideo>? Videos, long Cursor, bool HasMore, string? SearchId);

internal sealed record BareError(string? Code, string? Message, string? LogId);

internal sealed record BareVideo
{
    public long Id { get; init; }

    public long CreateTime { get; init; }

    public string? Username { get; init; }

    public string? RegionCode { get; init; }

    public string? VideoDescription { get; init; }

    public string? VoiceToText { get; init; }

    public long? ViewCount { get; init; }

    public long? LikeCount { get; init; }

    public long? CommentCount { get; init; }

    public long? ShareCount { get; init; }

    public long? FavoritesCount { get; init; }

    public long? VideoDuration { get; init; }

    public long? MusicId { get; init; }

    public long? PlaylistId { get; init; }

    public bool? IsStemVerified { get; init; }

    public IReadOnlyList<string>? HashtagNames { get; init; }

    public IReadOnlyList<string>? EffectIds { get; init; }

    public IReadOnlyList<string>? VideoMentionList { get; init; }

    public IReadOnlyList<BareHashtag>? HashtagInfoList { get; init; }

    public IReadOnlyList<BareSticker>? StickerInfoList { get; init; }

    public IReadOnlyList<BareEffect>? EffectInfoList { get; init; }

    public JsonElement? VideoLabel { get; init; }

    public JsonElement? VideoTag { get; init; }
}

internal sealed record BareHashtag(string? HashtagId, string? HashtagName, string? HashtagDescription);

internal sealed record BareSticker(string? StickerId, string? StickerName);

internal sealed record BareEffect(string? EffectId, string? EffectName, string? EffectPhotoUrl);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(BareReply))]
internal sealed partial class BareJson : JsonSerializerContext;
