namespace IssueObservatory.Mesh.Interop;

/// <summary>A gRPC client that others wrote.</summary>
internal interface IForeignClient : IAsyncDisposable
{
    /// <summary>Makes a call and reads its answer to the end, or until it shall be broken off.</summary>
    Task<ForeignAnswer> CallAsync(ForeignCall call);
}
