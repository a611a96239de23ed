using System.Reflection;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>The contract assemblies against the compiled Grpc.AspNetCore.Server and Grpc.Net.Client that lie beside this test.</summary>
public sealed class ContractAssemblyTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly HashSet<string> Contracts = new(["Grpc.Core.Api", "Grpc.Net.Common"], StringComparer.Ordinal);

    public static TheoryData<string> Users => ["Grpc.AspNetCore.Server", "Grpc.Net.Client"];

    [Theory, MemberData(nameof(Users))]
    public void Every_type_and_member_that_is_used_exists_with_the_same_signature(string name)
    {
        var user = ReadUser(name);

        foreach (var contract in Contracts)
        {
            user.Uses.ShouldContain(use => use.Type.StartsWith($"[{contract}]"));
            ReadSurface(contract).Defects(user).ShouldBeEmpty();
        }
    }

    [Theory, MemberData(nameof(Users))]
    public void The_identities_are_the_ones_that_are_asked_for(string name)
    {
        var asked = Assembly.Load(name).GetReferencedAssemblies().Where(reference => Contracts.Contains(reference.Name!)).ToList();

        asked.Count.ShouldBe(Contracts.Count);
        foreach (var reference in asked)
        {
            var ours = AssemblyName.GetAssemblyName(PathOf(reference.Name!));
            ours.Name.ShouldBe(reference.Name);
            ours.Version.ShouldBe(new Version(2, 0, 0, 0));
            reference.Version.ShouldBe(ours.Version);
            ours.GetPublicKeyToken().ShouldBe(Convert.FromHexString("D754F35622E28BAD"));
            reference.GetPublicKeyToken().ShouldBe(ours.GetPublicKeyToken());
        }
    }

    [Theory, MemberData(nameof(Users))]
    public void Both_contracts_let_the_real_assemblies_see_their_internals(string name)
    {
        var user = ReadUser(name);

        foreach (var contract in Contracts)
        {
            ReadSurface(contract).Friends.ShouldContain((user.Name, user.PublicKey));
        }
    }

    [Fact]
    public void The_server_needs_to_see_one_internal_member()
    {
        var withoutFriends = ReadSurface("Grpc.Core.Api") with { Friends = new HashSet<(string, string)>() };

        withoutFriends.Defects(ReadUser("Grpc.AspNetCore.Server")).ShouldHaveSingleItem()
            .ShouldContain("Grpc.Core.ServerServiceDefinition::BindService");
    }

    /// <summary>Loading fails where a type of theirs leaves an abstract or interface member of ours unimplemented.</summary>
    [Theory, MemberData(nameof(Users))]
    public void Every_type_of_theirs_loads(string name) =>
        Assembly.Load(name).GetTypes().Length.ShouldBeGreaterThan(100);

    /// <summary>An override without its counterpart would become a new method that nobody calls, silently.</summary>
    [Theory, MemberData(nameof(Users))]
    public void Every_override_of_theirs_overrides_something(string name)
    {
        var overrides = Assembly.Load(name).GetTypes()
            .SelectMany(type => type.GetMethods(Everything))
            .Where(method => method.IsVirtual && !method.Attributes.HasFlag(MethodAttributes.NewSlot))
            .ToList();

        overrides.ShouldContain(method => Contracts.Contains(method.GetBaseDefinition().Module.Assembly.GetName().Name!));
        overrides.Where(method => method.GetBaseDefinition() == method)
            .Select(method => $"{method.DeclaringType}::{method}")
            .ShouldBeEmpty();
    }

    private static ContractUser ReadUser(string name)
    {
        using var file = File.OpenRead(PathOf(name));
        return ContractUser.Read(file, Contracts);
    }

    private static ContractSurface ReadSurface(string name)
    {
        using var file = File.OpenRead(PathOf(name));
        return ContractSurface.Read(file);
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
}
