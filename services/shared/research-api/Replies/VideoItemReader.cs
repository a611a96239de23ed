using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads one item of a page. It never throws; only an item without an id is refused.</summary>
public static class VideoItemReader
{
    /// <summary>A label or tag larger than this is named unreadable and stays in the page only.</summary>
    private const int LargestStructure = 64 * 1024;

    private const int DeepestStructure = 32;

    /// <summary>Reads an item's own bytes, e.g. <see cref="PageItem.Bytes"/>.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> item, [NotNullWhen(true)] out VideoItem? video, [NotNullWhen(false)] out ReadError? error)
    {
        using var document = LenientJson.Parse(item, out _);
        video = null;
        error = document is null ? ReadError.NotJson
            : document.Root.ValueKind is not JsonValueKind.Object ? ReadError.NotAnObject
            : null;
        if (error is null)
        {
            video = Read(document!.Root);
            error = video is null ? ReadError.NoId : null;
        }

        return video is not null;
    }

    internal static string? ReadId(JsonElement item) =>
        LenientJson.Id(LenientJson.Get(item, "id")) ?? LenientJson.Id(LenientJson.Get(item, "video_id"));

    private static VideoItem? Read(JsonElement item)
    {
        var fields = new Fields(item);
        if ((LenientJson.Id(fields.Get("id")) ?? LenientJson.Id(fields.Get("video_id"))) is not { } id)
        {
            return null;
        }

        return new()
        {
            Id = id,
            CreateTime = fields.Take("create_time", LenientJson.Time),
            Username = fields.Take("username", LenientJson.Text),
            RegionCode = fields.Take("region_code", LenientJson.Text)?.Trim().ToUpperInvariant(),
            RegionCodeAsSent = LenientJson.Text(fields.Get("region_code")),
            VideoDescription = fields.Take("video_description", LenientJson.Text),
            VoiceToText = fields.Take("voice_to_text", LenientJson.Text),
            ViewCount = fields.Take("view_count", Count),
            LikeCount = fields.Take("like_count", Count),
            CommentCount = fields.Take("comment_count", Count),
            ShareCount = fields.Take("share_count", Count),
            FavoritesCount = fields.Take("favorites_count", Count) ?? fields.Take("favourites_count", Count),
            VideoDuration = fields.Take("video_duration", Count),
            MusicId = fields.Take("music_id", LenientJson.Id),
            PlaylistId = fields.Take("playlist_id", LenientJson.Id),
            IsStemVerified = fields.Take("is_stem_verified", LenientJson.Truth),
            HashtagNames = fields.Take("hashtag_names", Texts),
            EffectIds = fields.Take("effect_ids", Texts),
            VideoMentionList = fields.Take("video_mention_list", Texts),
            HashtagInfoList = fields.Take("hashtag_info_list", element => List(element, info => new HashtagInfo(
                LenientJson.Id(LenientJson.Get(info, "hashtag_id")), Part(info, "hashtag_name"), Part(info, "hashtag_description")))),
            StickerInfoList = fields.Take("sticker_info_list", element => List(element, info => new StickerInfo(
                LenientJson.Id(LenientJson.Get(info, "sticker_id")), Part(info, "sticker_name")))),
            EffectInfoList = fields.Take("effect_info_list", element => List(element, info => new EffectInfo(
                LenientJson.Id(LenientJson.Get(info, "effect_id")), Part(info, "effect_name"), Part(info, "effect_photo_url") ?? Part(info, "effect_photo_URI")))),
            VideoLabel = fields.Take("video_label", Structure),
            VideoTag = fields.Take("video_tag", Structure),
            UnreadableFields = fields.Unreadable,
            UnknownFields = fields.Unknown(),
        };
    }

    internal static long? Count(JsonElement? element) => LenientJson.Whole(element) is { } count and >= 0 ? count : null;

    private static string? Part(JsonElement info, string name) => LenientJson.Text(LenientJson.Get(info, name));

    private static IReadOnlyList<string>? Texts(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => LenientJson.Text(item)).OfType<string>()] : null;

    /// <summary>Documents say "struct" where peers see a list: one object counts as a list of one.</summary>
    private static IReadOnlyList<T>? List<T>(JsonElement? element, Func<JsonElement, T> read) => element?.ValueKind switch
    {
        JsonValueKind.Array => [.. element.Value.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.Object).Select(read)],
        JsonValueKind.Object => [read(element.Value)],
        _ => null,
    };

    /// <summary>A copy that outlives the page and that any reader can take: small, flat and valid.</summary>
    private static JsonElement? Structure(JsonElement? element)
    {
        if (element is not { } raw)
        {
            return null;
        }

        var bytes = JsonMarshal.GetRawUtf8Value(raw);
        if (bytes.Length > LargestStructure || !Utf8.IsValid(bytes))
        {
            return null;
        }

        try
        {
            using var copy = JsonDocument.Parse(Encoding.UTF8.GetString(bytes), new() { MaxDepth = DeepestStructure, AllowTrailingCommas = true });
            // Written once: half surrogate pairs show here rather than at whoever stores the value.
            using var nowhere = new Utf8JsonWriter(Stream.Null);
            copy.RootElement.WriteTo(nowhere);
            return copy.RootElement.Clone();
        }
        catch (Exception unfit) when (unfit is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>An item's fields, found in one pass, and which of them were there but of no use.</summary>
    private sealed class Fields
    {
        private readonly Dictionary<string, JsonElement> byName = new(StringComparer.Ordinal);
        private readonly List<string> unreadable = [];

        public Fields(JsonElement item)
        {
            foreach (var property in item.EnumerateObject())
            {
                byName[LenientJson.NameOf(property)] = property.Value;
            }
        }

        public IReadOnlyList<string> Unreadable => unreadable;

        /// <summary>The last property of that name; null when there is none, or when it is null.</summary>
        public JsonElement? Get(string name) => byName.TryGetValue(name, out var found) && found.ValueKind is not JsonValueKind.Null ? found : null;

        public T? Take<T>(string name, Func<JsonElement?, T?> read)
        {
            if (Get(name) is not { } element)
            {
                return default;
            }

            var value = read(element);
            if (value is null)
            {
                unreadable.Add(name);
            }

            return value;
        }

        public IReadOnlyList<string> Unknown() => [.. byName.Keys.Where(name => name is not ("video_id" or "favourites_count") && !VideoFields.Known.Contains(name))];
    }
}
