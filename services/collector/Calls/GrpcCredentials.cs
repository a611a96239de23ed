using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The token-broker over gRPC.</summary>
internal sealed class GrpcCredentials(TokenBroker.TokenBrokerClient client) : ICredentials
{
    public async Task<Credential> PickAsync(string labId, CancellationToken cancellationToken)
    {
        var answer = await client.ListCredentialsAsync(new ListCredentialsRequest(), GrpcLab.For(labId), cancellationToken: cancellationToken);
        return answer.Credentials.FirstOrDefault(credential => credential.State is CredentialState.Active)
            ?? throw (answer.Credentials.FirstOrDefault(credential => credential.State is CredentialState.Rejected) is { } rejected
                ? new MeshException(ErrorReason.CredentialRejected, $"TikTok refuses the credential \"{rejected.CredentialId}\". Put it anew with the right key and secret.")
                : new MeshException(ErrorReason.NoCredential, "There is no credential for the Research API. Set TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET, or run `mesh credentials add`."));
    }

    public async Task<AccessToken> GetTokenAsync(string labId, string credentialId, CancellationToken cancellationToken)
    {
        var answer = await client.GetAccessTokenAsync(new GetAccessTokenRequest { CredentialId = credentialId }, GrpcLab.For(labId), cancellationToken: cancellationToken);
        return new(new(answer.AccessToken), answer.CredentialId, answer.Version);
    }

    public async Task ReportRejectedAsync(string labId, AccessToken token, string logId, CancellationToken cancellationToken)
    {
        var request = new ReportRejectedTokenRequest { CredentialId = token.CredentialId, Version = token.Version, LogId = logId };
        await client.ReportRejectedTokenAsync(request, GrpcLab.For(labId), cancellationToken: cancellationToken);
    }
}
