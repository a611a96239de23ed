using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A public profile. It mostly does not say whose: TikTok leaves the username out, the asker adds it.</summary>
public sealed record UserInfoItem : IResearchItem<UserInfoItem>
{
    public string? DisplayName { get; init; }

    public string? BioDescription { get; init; }

    public string? BioUrl { get; init; }

    /// <summary>A signed link that lives about two days.</summary>
    public string? AvatarUrl { get; init; }

    public bool? IsVerified { get; init; }

    public long? FollowerCount { get; init; }

    public long? FollowingCount { get; init; }

    public long? LikesCount { get; init; }

    public long? VideoCount { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    // One example has the username; it is known so that nobody takes it for news.
    static NameTable IResearchItem<UserInfoItem>.Names { get; } = new([.. ResearchEndpoints.UserInfo.Fields!.Names, "username"]);

    /// <summary>Nothing of the profile: it stays out of logs.</summary>
    public override string ToString() => "profile";

    static UserInfoItem? IResearchItem<UserInfoItem>.Of(ref LenientFields fields) => new()
    {
        DisplayName = fields.Text("display_name"u8),
        BioDescription = fields.Text("bio_description"u8),
        BioUrl = fields.Text("bio_url"u8),
        AvatarUrl = fields.Text("avatar_url"u8),
        IsVerified = fields.Truth("is_verified"u8),
        FollowerCount = fields.Count("follower_count"u8),
        FollowingCount = fields.Count("following_count"u8),
        LikesCount = fields.Count("likes_count"u8),
        VideoCount = fields.Count("video_count"u8),
        UnreadableFields = fields.Unreadable,
        UnknownFields = fields.Unknown,
    };
}
