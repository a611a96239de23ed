using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>All that is known of a video or comment. Each field has the value of the latest page that had the field: a search for fewer fields erases nothing.</summary>
internal sealed record StoredRecord : StoredItem
{
    /// <summary>Video or comment.</summary>
    [JsonIgnore]
    public override StoredType Type { get; init; } = StoredType.Video;

    /// <summary>TikTok's id, decimal text.</summary>
    public required string PlatformId { get; init; }

    /// <inheritdoc/>
    public override required ReadVersion Version { get; init; }

    /// <summary>Fields whose value is from an older page than <see cref="Version"/>, with that page.</summary>
    public IReadOnlyDictionary<string, ReadVersion>? Older { get; init; }

    /// <summary>When the first page was fetched, unix milliseconds; stands in for a missing upload time.</summary>
    public required long FirstReadAt { get; init; }

    /// <summary>Upload time, unix seconds.</summary>
    public long? CreateTime { get; init; }

    /// <summary>As sent.</summary>
    public string? RegionCode { get; init; }

    /// <summary>As sent.</summary>
    public IReadOnlyList<string>? HashtagNames { get; init; }

    /// <summary>Decimal text.</summary>
    public string? MusicId { get; init; }

    /// <summary>As sent.</summary>
    public IReadOnlyList<string>? EffectIds { get; init; }

    /// <summary>Decimal text.</summary>
    public string? PlaylistId { get; init; }

    /// <summary>The description and what was found in it.</summary>
    public Caption? Caption { get; init; }

    /// <summary>What was said, mentions replaced.</summary>
    public string? Transcript { get; init; }

    /// <summary>Who made it.</summary>
    public AuthorKey? Author { get; init; }

    /// <summary><c>free</c>.</summary>
    public required string Tier { get; init; }

    /// <summary>Whether all pages were random samples.</summary>
    public bool IsRandom { get; init; }

    /// <summary>TikTok's search_ids, sorted.</summary>
    public IReadOnlyList<string> SearchIds { get; init; } = [];

    /// <summary>The latest counts, of a search or of a refresh.</summary>
    public EngagementCounts? Counts { get; init; }

    /// <summary>When a refresh last read it, unix milliseconds.</summary>
    public long? RefreshedAt { get; init; }

    /// <summary>The video that a comment belongs to, decimal text.</summary>
    public string? ParentPostId { get; init; }

    /// <summary>As sent: the video of a comment on it, the comment of a reply.</summary>
    public string? ParentCommentId { get; init; }

    /// <summary>True when a comment's author has a display name, which lies with the names.</summary>
    public bool? HasDisplayName { get; init; }

    /// <summary>Fields of the latest page that were there but could not be read, counts aside.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Upload time, or the first fetch when TikTok gave none.</summary>
    [JsonIgnore]
    public DateTimeOffset PublishedAt =>
        CreateTime is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.FromUnixTimeMilliseconds(FirstReadAt);

    [JsonIgnore]
    public override string Id => PlatformId;

    [JsonIgnore]
    public override long SortAt => PublishedAt.ToUnixTimeMilliseconds();

    [JsonIgnore]
    public override string? Language => Caption?.Language;

    /// <summary>What two readings say together.</summary>
    public static StoredRecord Merge(StoredRecord one, StoredRecord other)
    {
        var (newer, older) = one.Version >= other.Version ? (one, other) : (other, one);
        SortedDictionary<string, ReadVersion> fromOlder = new(StringComparer.Ordinal);
        return newer with
        {
            FirstReadAt = Math.Min(one.FirstReadAt, other.FirstReadAt),
            CreateTime = Latest("create_time", video => video.CreateTime),
            RegionCode = Latest("region_code", video => video.RegionCode),
            HashtagNames = Latest("hashtag_names", video => video.HashtagNames),
            MusicId = Latest("music_id", video => video.MusicId),
            EffectIds = Latest("effect_ids", video => video.EffectIds),
            PlaylistId = Latest("playlist_id", video => video.PlaylistId),
            Caption = Latest("video_description", video => video.Caption),
            Transcript = Latest("voice_to_text", video => video.Transcript),
            Author = Latest("username", video => video.Author),
            ParentPostId = Latest("video_id", comment => comment.ParentPostId),
            ParentCommentId = Latest("parent_comment_id", comment => comment.ParentCommentId),
            HasDisplayName = Latest("display_name", comment => comment.HasDisplayName),
            IsRandom = one.IsRandom && other.IsRandom,
            SearchIds = [.. one.SearchIds.Concat(other.SearchIds).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Counts = EngagementCounts.Later(one.Counts, other.Counts),
            RefreshedAt = Later(one.RefreshedAt, other.RefreshedAt),
            Older = fromOlder.Count > 0 ? fromOlder : null,
        };

        T? Latest<T>(string field, Func<StoredRecord, T?> read)
        {
            var takesNewer = read(older) is null || (read(newer) is not null && newer.VersionOf(field) >= older.VersionOf(field));
            var source = takesNewer ? newer : older;
            if (read(source) is not null && source.VersionOf(field) < newer.Version)
            {
                fromOlder[field] = source.VersionOf(field);
            }

            return read(source);
        }
    }

    public override StoredItem MergedWith(StoredItem other) => Merge(this, (StoredRecord)other);

    /// <summary>The record after a refresh read it: its counts may be newer, its text stays.</summary>
    public StoredRecord Refreshed(StoredRecord read) => this with
    {
        Counts = EngagementCounts.Later(Counts, read.Counts),
        RefreshedAt = Later(RefreshedAt, read.Version.At),
    };

    /// <summary>The id only.</summary>
    public override string ToString() => $"{Type.Name()} {PlatformId}";

    private ReadVersion VersionOf(string field) => Older is not null && Older.TryGetValue(field, out var version) ? version : Version;

    private static long? Later(long? one, long? other) => one is null || other > one ? other : one;
}

/// <summary>A description or comment, mentions replaced, with what was found in the original.</summary>
/// <param name="Text">What was written.</param>
/// <param name="Hash">Its content hash; null when it is empty.</param>
/// <param name="Language">ISO 639 code; null when undetermined.</param>
/// <param name="LanguageProbability">0–1.</param>
internal sealed record Caption(string Text, string? Hash, string? Language, double? LanguageProbability);

/// <summary>The author's pseudonym and which salt and scheme made it.</summary>
internal sealed record AuthorKey(string Pseudonym, string KeyId);
