using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The same spec is the same request, from whichever machine it comes.</summary>
internal static class CollectionIds
{
    private static readonly Guid RequestNamespace = new("5f0c2f5e-3a55-5c7e-9b38-2f6f0a4d8c11");

    /// <summary>UUIDv5 of a spec's fingerprint.</summary>
    public static string RequestId(string fingerprint) => NamedGuid.Version5(RequestNamespace, fingerprint).ToString();
}
