namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>
/// Whose turn it is to ask TikTok for a credential's token. An implementation MUST give the turn to one holder at a time, and MUST end the turn of a holder
/// that died within seconds. After a failure it MAY give it to a second: the turn saves questions, and nothing else.
/// What keeps a late holder from replacing a newer token is the token's version (<see cref="ICredentialStore.SaveTokenAsync"/>).
/// </summary>
internal interface IRenewalLock
{
    /// <summary>The turn, until it is disposed of; null while somebody else has it.</summary>
    /// <exception cref="Defaults.MeshException">UNAVAILABLE: nobody can tell whose turn it is.</exception>
    Task<IAsyncDisposable?> TryTakeAsync(CredentialKey key, CancellationToken cancellationToken);
}
