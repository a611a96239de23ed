using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>The edge: check, call, map, reply.</summary>
internal sealed class TokenBrokerGrpc(AccessTokens tokens, CredentialBook credentials) : V1.TokenBroker.TokenBrokerBase
{
    /// <inheritdoc/>
    public override async Task<GetAccessTokenResponse> GetAccessToken(GetAccessTokenRequest request, ServerCallContext context)
    {
        var token = await tokens.GetAsync(context.Identity().LabId, CredentialRequests.CheckOptional(request.CredentialId), context.CancellationToken);
        return new()
        {
            AccessToken = token.Value.Reveal(),
            Version = token.Version,
            ExpiresAt = token.ExpiresAt.ToTimestamp(),
            CredentialId = token.Key.CredentialId,
            Account = token.Account,
        };
    }

    /// <inheritdoc/>
    public override async Task<ReportRejectedTokenResponse> ReportRejectedToken(ReportRejectedTokenRequest request, ServerCallContext context)
    {
        var key = CredentialRequests.CheckKey(request.CredentialId, context.Identity().LabId);
        await tokens.ReportRejectedAsync(key, request.Version, PlainCode.Of(request.LogId), context.CancellationToken);
        return new();
    }

    /// <inheritdoc/>
    public override async Task<PutCredentialResponse> PutCredential(PutCredentialRequest request, ServerCallContext context)
    {
        var (key, account, secrets) = CredentialRequests.Check(request, context.Identity().LabId);
        return new() { Credential = Describe(await credentials.PutAsync(key, account, secrets, context.CancellationToken)) };
    }

    /// <inheritdoc/>
    public override async Task<ListCredentialsResponse> ListCredentials(ListCredentialsRequest request, ServerCallContext context)
    {
        var (afterId, size) = CredentialRequests.Check(request);
        var found = await credentials.ListAsync(context.Identity().LabId, afterId, size + 1, context.CancellationToken);
        return new()
        {
            Credentials = { found.Take(size).Select(Describe) },
            NextPageToken = found.Count > size ? found[size - 1].Key.CredentialId : "",
        };
    }

    /// <inheritdoc/>
    public override async Task<CheckCredentialResponse> CheckCredential(CheckCredentialRequest request, ServerCallContext context) =>
        await tokens.CheckAsync(context.Identity().LabId, CredentialRequests.CheckOptional(request.CredentialId), context.CancellationToken) switch
        {
            TokenAnswer.Granted granted => new() { Accepted = true, Lifetime = granted.Lifetime.ToDuration() },
            TokenAnswer.Refused refused => new() { ErrorCode = refused.Code, LogId = refused.LogId },
            _ => new(),
        };

    /// <inheritdoc/>
    public override async Task<DisableCredentialResponse> DisableCredential(DisableCredentialRequest request, ServerCallContext context)
    {
        var key = CredentialRequests.CheckKey(request.CredentialId, context.Identity().LabId);
        return new() { Credential = Describe(await credentials.DisableAsync(key, context.CancellationToken)) };
    }

    private Credential Describe(SealedCredential credential) => new()
    {
        CredentialId = credential.Key.CredentialId,
        Account = credential.Account,
        ClientKeyHint = credentials.Hint(credential),
        State = credential.State,
        UpdatedAt = credential.UpdatedAt.ToTimestamp(),
    };
}
