namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What came of asking for a token.</summary>
public abstract record TokenResult
{
    private protected TokenResult()
    {
    }
}

/// <summary>A token, and how long it lives (1 minute to 24 hours; two hours when TikTok's answer does not say).</summary>
public sealed record TokenGranted(string Token, TimeSpan Lifetime, string Type) : TokenResult
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"token *** for {Lifetime}";
}

/// <summary>TikTok said no. <see cref="Permanent"/>: asking again with the same key and secret is useless until a person has looked.</summary>
public sealed record TokenRefused(string Code, string? LogId, bool Permanent) : TokenResult;

/// <summary>No usable answer: ask again later.</summary>
public sealed record TokenUnavailable(string Reason, bool CertainlyNotSent) : TokenResult;
