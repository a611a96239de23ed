using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>What one compiled assembly offers, and whom it lets see its internals.</summary>
/// <param name="Name">The assembly.</param>
/// <param name="Types">Each type, and whether strangers see it.</param>
/// <param name="Members">Each method and field with its signature, and whether strangers see it.</param>
/// <param name="Friends">Assembly names with their public keys.</param>
internal sealed record ContractSurface(
    string Name,
    IReadOnlyDictionary<string, bool> Types,
    IReadOnlyDictionary<ContractUse, bool> Members,
    IReadOnlySet<(string Name, string PublicKey)> Friends)
{
    public static ContractSurface Read(Stream assembly)
    {
        using var image = new PEReader(assembly);
        var reader = image.GetMetadataReader();
        var types = new Dictionary<string, bool>(StringComparer.Ordinal);
        var members = new Dictionary<ContractUse, bool>();
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = SignatureText.NameOf(reader, handle);
            var visible = IsVisible(reader, handle);
            types.Add(type, visible);
            foreach (var (use, isVisible) in MembersOf(reader, reader.GetTypeDefinition(handle), type))
            {
                members.Add(use, visible && isVisible);
            }
        }

        return new ContractSurface(
            reader.GetString(reader.GetAssemblyDefinition().Name), types, members, FriendsOf(reader).ToHashSet());
    }

    /// <summary>One sentence for each thing that the user asks for and would not get. Members must be on the very type.</summary>
    public IReadOnlyList<string> Defects(ContractUser user)
    {
        var isFriend = Friends.Contains((user.Name, user.PublicKey));
        return [.. user.Uses.Where(use => ContractUser.AssemblyOf(use.Type) == Name).Select(Defect).OfType<string>()];

        string? Defect(ContractUse use)
        {
            var found = use.Member is null
                ? Types.TryGetValue(use.Type, out var visible)
                : Members.TryGetValue(use, out visible);
            if (!found)
            {
                var candidates = Members.Keys
                    .Where(member => member.Type == use.Type && member.Member == use.Member && use.Member is not null)
                    .Select(member => member.Signature);
                return $"{user.Name} uses {use}, which is not there. Of that name: [{string.Join(" | ", candidates)}]";
            }

            return visible || isFriend ? null : $"{user.Name} uses {use}, which it may not see.";
        }
    }

    private static IEnumerable<(ContractUse Use, bool Visible)> MembersOf(MetadataReader reader, TypeDefinition definition, string type)
    {
        foreach (var method in definition.GetMethods().Select(reader.GetMethodDefinition))
        {
            var signature = SignatureText.Of(method.DecodeSignature(SignatureText.Provider, null));
            var visible = (method.Attributes & MethodAttributes.MemberAccessMask)
                is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;
            yield return (new ContractUse(type, reader.GetString(method.Name), signature), visible);
        }

        foreach (var field in definition.GetFields().Select(reader.GetFieldDefinition))
        {
            var signature = SignatureText.OfField(field.DecodeSignature(SignatureText.Provider, null));
            var visible = (field.Attributes & FieldAttributes.FieldAccessMask)
                is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;
            yield return (new ContractUse(type, reader.GetString(field.Name), signature), visible);
        }
    }

    private static bool IsVisible(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
                IsVisible(reader, type.GetDeclaringType()),
            _ => false,
        };
    }

    private static IEnumerable<(string Name, string PublicKey)> FriendsOf(MetadataReader reader)
    {
        foreach (var attribute in reader.GetAssemblyDefinition().GetCustomAttributes().Select(reader.GetCustomAttribute))
        {
            if (attribute.Constructor.Kind != HandleKind.MemberReference)
            {
                continue;
            }

            var constructor = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor);
            var type = SignatureText.NameOf(reader, (TypeReferenceHandle)constructor.Parent);
            if (!type.EndsWith("]System.Runtime.CompilerServices.InternalsVisibleToAttribute", StringComparison.Ordinal))
            {
                continue;
            }

            // Two bytes of prolog, then the constructor's only argument.
            var blob = reader.GetBlobReader(attribute.Value);
            blob.ReadUInt16();
            var friend = blob.ReadSerializedString()!.Split(", PublicKey=");
            yield return (friend[0], friend.Length == 2 ? friend[1].ToUpperInvariant() : "");
        }
    }
}
