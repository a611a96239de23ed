namespace IssueObservatory.Mesh.Sandbox;

/// <summary>An account of the sandbox; all are invented.</summary>
public sealed record SandboxCreator
{
    /// <summary>The handle, lower case, without <c>@</c>.</summary>
    public required string Username { get; init; }

    public string DisplayName { get; init; } = "";

    public string Bio { get; init; } = "";

    /// <summary>The link of the profile; null: none, the key is left out.</summary>
    public string? BioUrl { get; init; }

    public string RegionCode { get; init; } = "DK";

    public bool IsVerified { get; init; }

    public long Followers { get; init; }

    public long Following { get; init; }

    public long Likes { get; init; }

    public long Videos { get; init; }

    /// <summary>The API refuses to tell about this account (minor, restricted): 400 <c>invalid_params</c>.</summary>
    public bool Refused { get; init; }

    /// <summary>The account is private: its videos are dropped from pages, the user endpoints refuse it.</summary>
    public bool Private { get; init; }

    /// <summary>Whom the account follows is nobody's business.</summary>
    public bool FollowingIsPrivate { get; init; }

    /// <summary>The account shows what it likes; hardly any does.</summary>
    public bool LikesArePublic { get; init; }

    /// <summary>Ids of liked videos, the newest like first; null: as the seed has it.</summary>
    public IReadOnlyList<long>? Liked { get; init; }

    /// <summary>Ids of pinned videos; null: as the seed has it.</summary>
    public IReadOnlyList<long>? Pinned { get; init; }

    /// <summary>Ids of reposted videos, the newest repost first; null: as the seed has it.</summary>
    public IReadOnlyList<long>? Reposted { get; init; }

    /// <summary>Followers and likes grow day by day (user info is live). Off for creators that a test places.</summary>
    public bool Grows { get; init; }
}
