using Grpc.Core;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The lab on whose behalf one service of the mesh calls another.</summary>
public static class GrpcLab
{
    /// <summary>Name of the header; believed on the internal port only.</summary>
    public const string Header = "mesh-lab-id";

    /// <summary>Header with the internal key, which proves that the caller is a service of the mesh.</summary>
    internal const string KeyHeader = "mesh-internal-key";

    /// <summary>Header with the calling service's name, for logs.</summary>
    internal const string CallerHeader = "mesh-caller";

    /// <summary>Headers for a call on behalf of a lab.</summary>
    public static Metadata For(string labId) => new() { { Header, labId } };
}
