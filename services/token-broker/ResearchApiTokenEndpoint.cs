using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>The token endpoint of the Research API, asked once.</summary>
internal sealed class ResearchApiTokenEndpoint(IResearchApi api) : ITokenEndpoint
{
    /// <inheritdoc/>
    public async Task<TokenAnswer> RequestAsync(CredentialSecrets secrets, CancellationToken cancellationToken)
    {
        var request = new TokenRequest(secrets.ClientKey.Reveal, secrets.ClientSecret.Reveal);
        return await api.RequestTokenAsync(request, cancellationToken) switch
        {
            TokenGranted granted => new TokenAnswer.Granted(new(granted.Token), granted.Lifetime),
            TokenRefused refused => new TokenAnswer.Refused(PlainCode.Of(refused.Code), PlainCode.Of(refused.LogId), refused.Permanent),
            TokenUnavailable unavailable => new TokenAnswer.Unavailable(unavailable.Reason),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is not an answer that is known here."),
        };
    }
}
