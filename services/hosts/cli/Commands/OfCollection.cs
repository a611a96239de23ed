using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>--of COLLECTION</c>: as other commands, it takes the beginning of an id.</summary>
internal static class OfCollection
{
    /// <summary>The spec with the whole id.</summary>
    public static async Task<CollectionSpec> FindAsync(Verb verb, CollectionSpec spec, CancellationToken cancellationToken) =>
        spec.OfCollectionId.Length == 0
            ? spec
            : new(spec) { OfCollectionId = await CollectionArgument.FindAsync(verb, spec.OfCollectionId, "--of", cancellationToken) };
}
