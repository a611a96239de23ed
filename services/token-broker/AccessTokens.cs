using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Hands out tokens: from the store while they are good, from TikTok otherwise, one question per credential at a time, whatever the number of brokers.</summary>
internal sealed partial class AccessTokens(
    ICredentialStore store,
    CredentialVault vault,
    IRenewalLock renewals,
    ITokenEndpoint endpoint,
    IEvents events,
    TokenMetrics metrics,
    TokenBrokerOptions options,
    TimeProvider clock,
    ILogger<AccessTokens> logger)
{
    private const int MostCredentials = 1000;

    private static readonly TimeSpan NextLook = TimeSpan.FromMilliseconds(200);

    private readonly SingleFlight<CredentialKey, Renewal> flights = new();

    /// <summary>A token that is good for the margin at least.</summary>
    /// <param name="labId">The lab.</param>
    /// <param name="credentialId">Which credential; empty takes the first that may be used.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MeshException">NO_CREDENTIAL, CREDENTIAL_REJECTED, or UNAVAILABLE when TikTok does not answer.</exception>
    public async Task<AccessToken> GetAsync(string labId, string credentialId, CancellationToken cancellationToken)
    {
        var credential = await ChooseAsync(labId, credentialId, cancellationToken);
        var token = TokenInUse(credential);
        if (token is null)
        {
            var renewal = await flights.RunAsync(credential.Key, () => RenewAsync(credential.Key, always: false), cancellationToken);
            token = renewal.Token ?? throw CredentialErrors.From(credential.Key, renewal.Answer);
        }

        metrics.Show(token);
        return token;
    }

    /// <summary>TikTok refused the token of this version; a newer one is not touched.</summary>
    public Task ReportRejectedAsync(CredentialKey key, long version, string logId, CancellationToken cancellationToken)
    {
        Log.TokenRejected(logger, key.CredentialId, version, logId);
        return store.RejectTokenAsync(key, version, cancellationToken);
    }

    /// <summary>Asks TikTok, whatever we have; a token that comes is kept, since it may have ended the one before.</summary>
    /// <returns>A grant or a refusal.</returns>
    /// <exception cref="MeshException">NO_CREDENTIAL, or UNAVAILABLE when TikTok does not answer.</exception>
    public async Task<TokenAnswer> CheckAsync(string labId, string credentialId, CancellationToken cancellationToken)
    {
        var credential = credentialId.Length == 0
            ? await store.ListAsync(labId, "", 1, cancellationToken) is [var first, ..] ? first : null
            : await store.FindAsync(new(labId, credentialId), cancellationToken);
        var key = credential?.Key ?? throw CredentialErrors.Missing(credentialId);
        Renewal renewal;
        do
        {
            // A flight that we joined may have found a good token without asking.
            renewal = await flights.RunAsync(key, () => RenewAsync(key, always: true), cancellationToken);
        }
        while (renewal.Answer is null && renewal.Token is not null);

        return renewal.Answer is TokenAnswer.Granted or TokenAnswer.Refused { Permanent: true } ? renewal.Answer : throw CredentialErrors.From(key, renewal.Answer);
    }

    private async Task<SealedCredential> ChooseAsync(string labId, string credentialId, CancellationToken cancellationToken)
    {
        var candidates = credentialId.Length == 0
            ? await store.ListAsync(labId, "", MostCredentials, cancellationToken)
            : await store.FindAsync(new(labId, credentialId), cancellationToken) is { } found ? [found] : [];
        return candidates.FirstOrDefault(credential => credential.State is CredentialState.Active)
            ?? throw (candidates.FirstOrDefault(credential => credential.State is CredentialState.Rejected) is { Rejection: { } rejection } rejected
                ? CredentialErrors.Rejected(rejected.Key, rejection)
                : candidates.Count > 0 ? CredentialErrors.Disabled(candidates[0].Key) : CredentialErrors.Missing(credentialId));
    }

    private AccessToken? TokenInUse(SealedCredential credential) =>
        credential.Token is { } token && token.IsUsable(clock.GetUtcNow(), options.RenewalMargin) ? vault.TryOpenToken(credential, token) : null;

    /// <summary>One flight: it belongs to all who wait, so it ends by its own deadline and not with a caller.</summary>
    private async Task<Renewal> RenewAsync(CredentialKey key, bool always)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, clock);
        try
        {
            while (await store.FindAsync(key, deadline.Token) is { } credential && (always || credential.State is CredentialState.Active))
            {
                if (!always && TokenInUse(credential) is { } token)
                {
                    return new(token, null);
                }

                await using var turn = await renewals.TryTakeAsync(key, deadline.Token);
                if (turn is null)
                {
                    // Another broker asks; its token will do.
                    await Task.Delay(NextLook, clock, deadline.Token);
                }
                else if (await AskInTurnAsync(credential, deadline.Token) is { } renewal)
                {
                    return renewal;
                }
            }

            return new(null, null);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new(null, new TokenAnswer.Unavailable($"no answer within {options.Deadline.TotalSeconds:F0} s"));
        }
    }

    /// <summary>Null when something happened between the look and the turn, which may have made the question needless.</summary>
    private async Task<Renewal?> AskInTurnAsync(SealedCredential seen, CancellationToken cancellationToken) =>
        await store.FindAsync(seen.Key, cancellationToken) is { } now
        && (now.Revision, now.LastVersion, now.Token?.Version, now.State) == (seen.Revision, seen.LastVersion, seen.Token?.Version, seen.State)
            ? await AskAsync(now, cancellationToken)
            : null;

    /// <summary>Null when the credential was put anew meanwhile: the answer was to an older secret.</summary>
    private async Task<Renewal?> AskAsync(SealedCredential credential, CancellationToken cancellationToken)
    {
        var secrets = vault.Open(credential);
        var askedAt = clock.GetUtcNow();
        await Failpoints.HitAsync(FailpointNames.BrokerBeforeAsk, cancellationToken);
        var asked = await endpoint.RequestAsync(secrets, cancellationToken);
        await Failpoints.HitAsync(FailpointNames.BrokerAfterAnswer, cancellationToken);
        switch (asked)
        {
            case TokenAnswer.Granted granted:
                return await KeepAsync(credential, granted, askedAt, cancellationToken);
            case TokenAnswer.Refused { Permanent: true } refused when credential.State is CredentialState.Active:
                var rejection = new Rejection(refused.Code, refused.LogId);
                if (!await store.ChangeStateAsync(
                    credential.Key, credential.Revision, CredentialState.Active, CredentialState.Rejected, rejection, clock.GetUtcNow(), cancellationToken))
                {
                    return null;
                }

                await Failpoints.HitAsync(FailpointNames.BrokerAfterRejection, cancellationToken);
                metrics.Hide(credential.Key);
                Log.CredentialRejected(logger, credential.Key.CredentialId, refused.Code, refused.LogId);
                await AnnounceAsync(credential, rejection, cancellationToken);
                return new(null, refused);
            case var answer:
                Log.NoToken(logger, credential.Key.CredentialId, answer is TokenAnswer.Unavailable { Reason: var reason } ? reason : "refused");
                return new(null, answer);
        }
    }

    private async Task<Renewal?> KeepAsync(SealedCredential credential, TokenAnswer.Granted granted, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        if (credential.State is CredentialState.Rejected)
        {
            await store.ChangeStateAsync(
                credential.Key, credential.Revision, CredentialState.Rejected, CredentialState.Active, null, clock.GetUtcNow(), cancellationToken);
        }

        var token = vault.SealToken(credential, granted.Token, askedAt, granted.Lifetime);
        if (!await store.SaveTokenAsync(credential.Key, credential.Revision, token, cancellationToken))
        {
            return null;
        }

        await Failpoints.HitAsync(FailpointNames.BrokerAfterSave, cancellationToken);
        Log.TokenRenewed(logger, credential.Key.CredentialId, token.Version, granted.Lifetime);
        return new(new(credential.Key, credential.Account, granted.Token, token.Version, token.ObtainedAt, token.ExpiresAt), granted);
    }

    /// <summary>The state is durable already; an event that is lost here goes out on the next start.</summary>
    private async Task AnnounceAsync(SealedCredential credential, Rejection rejection, CancellationToken cancellationToken)
    {
        try
        {
            await events.PublishAsync(RejectionAnnouncer.Event(credential, rejection), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotAnnounced(logger, exception, credential.Key.CredentialId);
        }
    }

    /// <summary>What a flight brought: a token with the answer that it came from (none when the stored one was good), or an answer alone, or nothing when the credential went away.</summary>
    private sealed record Renewal(AccessToken? Token, TokenAnswer? Answer);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Token {Version} of credential {CredentialId} is good for {Lifetime}.")]
        public static partial void TokenRenewed(ILogger logger, string credentialId, long version, TimeSpan lifetime);

        [LoggerMessage(LogLevel.Information, "TikTok refused token {Version} of credential {CredentialId} (log_id {LogId}); the next one is asked for when it is needed.")]
        public static partial void TokenRejected(ILogger logger, string credentialId, long version, string logId);

        [LoggerMessage(LogLevel.Warning, "TikTok refused credential {CredentialId} for good: {Code} (log_id {LogId}).")]
        public static partial void CredentialRejected(ILogger logger, string credentialId, string code, string logId);

        [LoggerMessage(LogLevel.Warning, "No token for credential {CredentialId} now: {Reason}.")]
        public static partial void NoToken(ILogger logger, string credentialId, string reason);

        [LoggerMessage(LogLevel.Warning, "The rejection of credential {CredentialId} could not be announced; it will be on the next start.")]
        public static partial void NotAnnounced(ILogger logger, Exception exception, string credentialId);
    }
}
