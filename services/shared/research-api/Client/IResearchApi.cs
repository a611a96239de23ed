namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// One request, one attempt. An implementation MUST NOT repeat a request, follow a redirect, or send anything but to the configured host,
/// and MUST say <see cref="TransportFault.ConnectFailed"/> only when nothing was sent.
/// </summary>
public interface IResearchApi
{
    /// <summary>Sends a request that costs a unit. Troubles of the wire are in the reply, never thrown.</summary>
    /// <param name="request">A request without violations.</param>
    /// <param name="token">Asked for the access token at the last moment.</param>
    /// <param name="cancellationToken">Gives up waiting. The request then counts as sent, unless the caller knows better.</param>
    /// <exception cref="ArgumentException">The request has violations, or the token cannot stand in a header. Nothing was sent.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    Task<RawReply> SendAsync(ResearchRequest request, Func<string> token, CancellationToken cancellationToken);

    /// <summary>Asks for a client access token. It costs no unit. Troubles are in the answer, never thrown.</summary>
    /// <param name="request">The client's key and secret.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    Task<TokenResult> RequestTokenAsync(TokenRequest request, CancellationToken cancellationToken);
}
