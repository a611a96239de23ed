namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Where batches go: the only service that may ask TikTok.</summary>
internal interface IRefreshes
{
    /// <summary>Hands a batch over; the answer comes as an event. Repeating it is one refresh. Throws MeshException UNAVAILABLE when nobody takes it now.</summary>
    Task HandOverAsync(string labId, OpenBatch batch, CancellationToken cancellationToken);
}
