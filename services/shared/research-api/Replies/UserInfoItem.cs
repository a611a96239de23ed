using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A public profile. It does not say whose: TikTok leaves the username out, the asker adds it.</summary>
public sealed record UserInfoItem
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

    /// <summary>Nothing of the profile: it stays out of logs.</summary>
    public override string ToString() => "profile";

    internal static UserInfoItem From(JsonElement profile)
    {
        return new()
        {
            DisplayName = Text("display_name"),
            BioDescription = Text("bio_description"),
            BioUrl = Text("bio_url"),
            AvatarUrl = Text("avatar_url"),
            IsVerified = LenientJson.Truth(LenientJson.Get(profile, "is_verified")),
            FollowerCount = Count("follower_count"),
            FollowingCount = Count("following_count"),
            LikesCount = Count("likes_count"),
            VideoCount = Count("video_count"),
        };

        string? Text(string name) => LenientJson.Text(LenientJson.Get(profile, name));

        long? Count(string name) => VideoItemReader.Count(LenientJson.Get(profile, name));
    }
}

/// <summary>The answer of <c>user/info</c>: a profile exactly when the error is ok.</summary>
public sealed record UserInfoReply
{
    public required ApiError Error { get; init; }

    public UserInfoItem? User { get; init; }
}
