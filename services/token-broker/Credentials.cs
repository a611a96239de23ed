using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Which credential of which lab.</summary>
internal readonly record struct CredentialKey(string LabId, string CredentialId);

/// <summary>What TikTok gave the lab.</summary>
internal sealed record CredentialSecrets(Secret<string> ClientKey, Secret<string> ClientSecret);

/// <summary>Why TikTok refused a credential for good.</summary>
internal sealed record Rejection(string Code, string LogId);

/// <summary>A credential as it is stored: its secrets are sealed.</summary>
internal sealed record SealedCredential
{
    /// <summary>Whose and which.</summary>
    public required CredentialKey Key { get; init; }

    /// <summary>The account that pays.</summary>
    public required string Account { get; init; }

    /// <summary>Whether it may be used.</summary>
    public CredentialState State { get; init; } = CredentialState.Active;

    /// <summary>The credential's own key, sealed with the master key.</summary>
    public required byte[] WrappedKey { get; init; }

    /// <summary>Client key and secret, sealed with the credential's own key.</summary>
    public required byte[] Secrets { get; init; }

    /// <summary>When it was put or changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts up with each put; the store counts.</summary>
    public long Revision { get; init; }

    /// <summary>Set while rejected.</summary>
    public Rejection? Rejection { get; init; }

    /// <summary>Version of the last token that it ever had.</summary>
    public long LastVersion { get; init; }

    /// <summary>The token that it has.</summary>
    public SealedToken? Token { get; init; }
}

/// <summary>An access token as it is stored.</summary>
internal sealed record SealedToken
{
    /// <summary>Counts up per credential.</summary>
    public required long Version { get; init; }

    /// <summary>The token, sealed with the credential's own key.</summary>
    public required byte[] Content { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset ObtainedAt { get; init; }

    /// <summary>When TikTok ends it, by our clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether TikTok refused it before its end.</summary>
    public bool Rejected { get; init; }

    /// <summary>Whether it is good for the margin at least: ten minutes, or a twelfth of a shorter life.</summary>
    public bool IsUsable(DateTimeOffset now, TimeSpan longestMargin)
    {
        var twelfth = (ExpiresAt - ObtainedAt) / 12;
        return !Rejected && ExpiresAt - now >= (twelfth < longestMargin ? twelfth : longestMargin);
    }
}

/// <summary>An access token in the open, for the moment of its use.</summary>
internal sealed record AccessToken(CredentialKey Key, string Account, Secret<string> Value, long Version, DateTimeOffset ObtainedAt, DateTimeOffset ExpiresAt);
