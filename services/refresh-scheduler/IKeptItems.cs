using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>What the mesh keeps, as far as TikTok can be asked whether it is still there.</summary>
internal interface IKeptItems
{
    /// <summary>Videos and comments of a collection (of the lab when it is empty), each once. Throws MeshException NOT_FOUND for a collection that is not there.</summary>
    IAsyncEnumerable<KeptItem> ListAsync(string labId, string collectionId, CancellationToken cancellationToken);
}
