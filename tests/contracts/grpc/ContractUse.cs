using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>What one assembly asks of another: a type (no member) or a member with its signature.</summary>
internal sealed record ContractUse(string Type, string? Member, string? Signature)
{
    public override string ToString() => Member is null ? Type : $"{Type}::{Member}: {Signature}";
}

/// <summary>Everything that one compiled assembly asks of some others.</summary>
internal sealed record ContractUser(string Name, string PublicKey, IReadOnlyList<ContractUse> Uses)
{
    public static ContractUser Read(Stream assembly, IReadOnlySet<string> contracts)
    {
        using var image = new PEReader(assembly);
        var reader = image.GetMetadataReader();
        var definition = reader.GetAssemblyDefinition();
        return new ContractUser(
            reader.GetString(definition.Name),
            Convert.ToHexString(reader.GetBlobBytes(definition.PublicKey)),
            [.. Types(reader).Concat(Members(reader)).Where(use => contracts.Contains(AssemblyOf(use.Type))).Distinct()]);
    }

    /// <summary>The assembly in <c>[assembly]namespace.type</c>.</summary>
    public static string AssemblyOf(string type) => type[1..type.IndexOf(']', StringComparison.Ordinal)];

    private static IEnumerable<ContractUse> Types(MetadataReader reader) =>
        reader.TypeReferences.Select(handle => new ContractUse(SignatureText.NameOf(reader, handle), null, null));

    private static IEnumerable<ContractUse> Members(MetadataReader reader)
    {
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (DeclaringType(reader, member.Parent) is not { } type)
            {
                continue;
            }

            var signature = member.GetKind() == MemberReferenceKind.Field
                ? SignatureText.OfField(member.DecodeFieldSignature(SignatureText.Provider, null))
                : SignatureText.Of(member.DecodeMethodSignature(SignatureText.Provider, null));
            yield return new ContractUse(type, reader.GetString(member.Name), signature);
        }
    }

    /// <summary>Null for the assembly's own types and for arrays, whose members the runtime makes.</summary>
    private static string? DeclaringType(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            var blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            {
                return null;
            }

            // A byte that tells class from value type, then the generic type itself.
            blob.ReadByte();
            parent = blob.ReadTypeHandle();
        }

        return parent.Kind == HandleKind.TypeReference ? SignatureText.NameOf(reader, (TypeReferenceHandle)parent) : null;
    }
}
