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

    /// <summary>Followers and likes grow day by day (user info is live). Off for creators that a test places.</summary>
    public bool Grows { get; init; }
}
