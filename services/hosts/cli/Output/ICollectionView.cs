using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>Shows how a collection goes.</summary>
internal interface ICollectionView : IAsyncDisposable
{
    /// <summary>Where it stands now.</summary>
    void Show(CollectionStatus status);
}
