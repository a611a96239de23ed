using System.Globalization;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>A video as the API prints it: the requested fields, absent ones left out.</summary>
internal static class VideoJson
{
    public static readonly IReadOnlyList<string> Fields =
    [
        "id", "video_description", "create_time", "region_code", "share_count", "view_count", "like_count", "comment_count",
        "music_id", "hashtag_names", "username", "effect_ids", "playlist_id", "voice_to_text", "is_stem_verified",
        "favorites_count", "video_duration", "hashtag_info_list", "sticker_info_list", "effect_info_list",
        "video_mention_list", "video_label", "video_tag",
    ];

    /// <summary>The record with the fields that are asked for and not lost; a record lacks the same field on every page that shows it.</summary>
    public static JsonObject Item(SandboxVideo video, IReadOnlyList<string> fields, SandboxFaults faults, DateTimeOffset now)
    {
        var counts = video.CountsAt(now);
        var item = new JsonObject();
        foreach (var field in fields)
        {
            if (!faults.MissingFields.TryGetValue(field, out var share)
                || !new SeededRandom(SeededRandom.Mix(video.Id, SeededRandom.Hash(field))).Chance(share))
            {
                item[field] = Value(video, field, counts);
            }
        }

        if (faults.IdsAsText && item["id"] is { } id)
        {
            item["id"] = id.ToString();
        }

        return item;
    }

    /// <summary>The value under <paramref name="field"/>; null: the key is left out.</summary>
    public static JsonNode? Value(SandboxVideo video, string field, SandboxCounts counts) => field switch
    {
        "id" => video.Id,
        "video_description" => video.Description,
        "create_time" => video.CreateTime.ToUnixTimeSeconds(),
        "region_code" => video.RegionCode,
        "share_count" => counts.Shares,
        "view_count" => counts.Views,
        "like_count" => video.LikeCountMissing ? null : counts.Likes,
        "comment_count" => counts.Comments,
        "music_id" => video.MusicId,
        "hashtag_names" => Texts(video.HashtagNames),
        "username" => video.Username,
        "effect_ids" => video.EffectIds is { } effects ? Texts(effects) : null,
        "playlist_id" => video.PlaylistId,
        "voice_to_text" => video.VoiceToText,
        "is_stem_verified" => video.IsStemVerified,
        "favorites_count" or "favourites_count" => counts.Favorites,
        "video_duration" => video.DurationSeconds,
        "hashtag_info_list" => Objects(video.HashtagNames, name => new()
        {
            ["hashtag_id"] = Number(name),
            ["hashtag_name"] = name,
            ["hashtag_description"] = "",
        }),
        "sticker_info_list" => Objects(video.Stickers, text => new() { ["sticker_id"] = Number(text), ["sticker_name"] = text }),
        "effect_info_list" => Objects(video.EffectIds ?? [], id => new()
        {
            ["effect_id"] = id,
            ["effect_name"] = "Effect " + id,
            ["effect_photo_url"] = $"https://effects.invalid/{id}.png",
        }),
        "video_mention_list" => Texts(video.Mentions),
        "video_label" => video.Label is { } label ? new JsonObject { ["content"] = label, ["type"] = 1 } : null,
        _ => null,
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static JsonArray Objects(IEnumerable<string> texts, Func<string, JsonObject> make) => new([.. texts.Select(make)]);

    // An id that belongs to the name; the platform's own ids are unrelated numbers too.
    private static string Number(string name) => ((ulong)SeededRandom.Hash(name) % 100_000_000).ToString(CultureInfo.InvariantCulture);
}
