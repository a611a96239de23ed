using System.Reflection;
using Google.Protobuf.Reflection;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Every proto file that this program was built with, and everything that those import.</summary>
internal sealed class GrpcDescriptors
{
    private readonly Dictionary<string, FileDescriptor> files = new(StringComparer.Ordinal);

    public GrpcDescriptors()
    {
        foreach (var type in typeof(AccessReflection).Assembly.GetExportedTypes().Where(type => type is { IsAbstract: true, IsSealed: true }))
        {
            if (type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is FileDescriptor file)
            {
                Add(file);
            }
        }
    }

    /// <summary>By name, e.g. <c>issueobservatory/mesh/v1/access.proto</c>.</summary>
    public IReadOnlyDictionary<string, FileDescriptor> Files => files;

    /// <summary>Every service of these files.</summary>
    public IEnumerable<ServiceDescriptor> Services => files.Values.SelectMany(file => file.Services);

    private void Add(FileDescriptor file)
    {
        if (files.TryAdd(file.Name, file))
        {
            foreach (var import in file.Dependencies)
            {
                Add(import);
            }
        }
    }
}
