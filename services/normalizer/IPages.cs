namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The collector's stored pages.</summary>
internal interface IPages
{
    /// <summary>A page; null when the lab has none of that id. Errors: <see cref="Defaults.MeshException"/> UNAVAILABLE when the collector cannot answer now.</summary>
    Task<StoredPage?> FindAsync(string labId, string pageId, CancellationToken cancellationToken);
}
