using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Who may call a method, as its proto says beside it. A method that says nothing is refused.</summary>
internal sealed class GrpcAccess(GrpcDescriptors descriptors)
{
    private readonly Dictionary<string, Access> byMethod = descriptors.Services
        .SelectMany(service => service.Methods)
        .ToDictionary(method => $"/{method.Service.FullName}/{method.Name}", method => Of(method), StringComparer.Ordinal);

    /// <summary>Access of a method by its path, e.g. <c>/issueobservatory.mesh.v1.TikTokArena/GetCollection</c>.</summary>
    public Access Of(string method) => byMethod.GetValueOrDefault(method, Access.Unspecified);

    private static Access Of(Google.Protobuf.Reflection.MethodDescriptor method) => method.Service.FullName switch
    {
        // Standard protocols that carry no option of ours; they tell nothing about any lab.
        "grpc.health.v1.Health" or "grpc.reflection.v1.ServerReflection" => Access.Public,
        _ => method.GetOptions()?.GetExtension(AccessExtensions.Access) ?? Access.Unspecified,
    };
}
