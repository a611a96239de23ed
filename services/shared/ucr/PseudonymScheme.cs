namespace IssueObservatory.Mesh.Ucr;

/// <summary>How names become pseudonyms.</summary>
public enum PseudonymScheme
{
    /// <summary>SHA-256 of <c>tiktok:{username}:{salt}</c>, as the Issue Observatory does it.</summary>
    Sha256,

    /// <summary>HMAC-SHA-256 of <c>tiktok:{username}</c> with the salt as key.</summary>
    HmacSha256,
}
