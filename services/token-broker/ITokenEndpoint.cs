using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>What TikTok said when asked for a token.</summary>
internal abstract record TokenAnswer
{
    private TokenAnswer()
    {
    }

    /// <summary>A token.</summary>
    internal sealed record Granted(Secret<string> Token, TimeSpan Lifetime) : TokenAnswer;

    /// <summary>No token for this key and secret; <paramref name="Permanent"/> when asking again is useless.</summary>
    internal sealed record Refused(string Code, string LogId, bool Permanent) : TokenAnswer;

    /// <summary>No answer that can be used.</summary>
    internal sealed record Unavailable(string Reason) : TokenAnswer;
}

/// <summary>TikTok's token endpoint. It costs no quota. An implementation MUST NOT throw anything but a cancellation, nor put a secret into an answer's reason or code.</summary>
internal interface ITokenEndpoint
{
    /// <summary>Asks for a token.</summary>
    Task<TokenAnswer> RequestAsync(CredentialSecrets secrets, CancellationToken cancellationToken);
}
