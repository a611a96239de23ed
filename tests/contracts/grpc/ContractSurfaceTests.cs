using System.Reflection;
using System.Reflection.Emit;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>
/// The comparison itself must be able to fail: contracts that are wrong in one way each, written as real assemblies,
/// against what the compiled Grpc.Net.Client asks of <c>IMethod</c>.
/// </summary>
public sealed class ContractSurfaceTests
{
    private const MethodAttributes Abstract =
        MethodAttributes.Public | MethodAttributes.Abstract | MethodAttributes.Virtual | MethodAttributes.NewSlot;

    private const TypeAttributes Interface = TypeAttributes.Public | TypeAttributes.Interface | TypeAttributes.Abstract;

    [Fact]
    public void A_right_contract_has_no_defects() => Defects().ShouldBeEmpty();

    [Fact]
    public void A_wrong_return_type_is_reported() =>
        Defects(getName: type => type.DefineMethod("get_Name", Abstract, typeof(object), []))
            .ShouldHaveSingleItem().ShouldBe(
                "Grpc.Net.Client uses [Grpc.Core.Api]Grpc.Core.IMethod::get_Name: instance Default String <0>(), which is not there. "
                + "Of that name: [instance Default Object <0>()]");

    [Fact]
    public void A_parameter_too_many_is_reported() =>
        Defects(getName: type => type.DefineMethod("get_Name", Abstract, typeof(string), [typeof(int)]))
            .ShouldHaveSingleItem().ShouldContain("Of that name: [instance Default String <0>(Int32)]");

    [Fact]
    public void A_static_member_in_place_of_an_instance_one_is_reported() =>
        Defects(getName: type => type
                .DefineMethod("get_Name", MethodAttributes.Public | MethodAttributes.Static, typeof(string), [])
                .GetILGenerator().Emit(OpCodes.Ret))
            .ShouldHaveSingleItem().ShouldContain("Of that name: [static Default String <0>()]");

    [Fact]
    public void A_generic_member_in_place_of_a_plain_one_is_reported() =>
        Defects(getName: type => type.DefineMethod("get_Name", Abstract, typeof(string), []).DefineGenericParameters("T"))
            .ShouldHaveSingleItem().ShouldContain("Of that name: [instance Default String <1>()]");

    [Fact]
    public void A_missing_member_is_reported() =>
        Defects(getName: _ => { }).ShouldHaveSingleItem().ShouldContain("IMethod::get_Name");

    [Fact]
    public void A_class_in_place_of_a_value_type_is_reported() =>
        Defects(methodTypeIsEnum: false).ShouldHaveSingleItem()
            .ShouldContain("Of that name: [instance Default class [Grpc.Core.Api]Grpc.Core.MethodType <0>()]");

    [Fact]
    public void A_missing_type_is_reported_with_its_members() =>
        Defects(name: "Grpc.Other.IMethod").Count.ShouldBe(5);

    [Fact]
    public void An_internal_type_is_reported_to_strangers() =>
        Defects(interfaceAttributes: TypeAttributes.NotPublic | TypeAttributes.Interface | TypeAttributes.Abstract)
            .ShouldAllBe(defect => defect.EndsWith("which it may not see."));

    private static IReadOnlyList<string> Defects(
        string name = "Grpc.Core.IMethod",
        TypeAttributes interfaceAttributes = Interface,
        Action<TypeBuilder>? getName = null,
        bool methodTypeIsEnum = true)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Grpc.Core.Api"), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule("Grpc.Core.Api.dll");
        var methodType = module.DefineType(
            "Grpc.Core.MethodType", TypeAttributes.Public | TypeAttributes.Sealed, methodTypeIsEnum ? typeof(Enum) : typeof(object));
        methodType.DefineField("value__", typeof(int), FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName);
        methodType.CreateType();

        var method = module.DefineType(name, interfaceAttributes);
        method.DefineMethod("get_Type", Abstract, methodType, []);
        method.DefineMethod("get_FullName", Abstract, typeof(string), []);
        method.DefineMethod("get_ServiceName", Abstract, typeof(string), []);
        (getName ?? (type => type.DefineMethod("get_Name", Abstract, typeof(string), [])))(method);
        method.CreateType();

        using var image = new MemoryStream();
        assembly.Save(image);
        image.Position = 0;
        return ContractSurface.Read(image).Defects(WhatTheClientAsksOfIMethod());
    }

    private static ContractUser WhatTheClientAsksOfIMethod()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Grpc.Net.Client.dll"));
        var user = ContractUser.Read(file, new HashSet<string>(["Grpc.Core.Api"], StringComparer.Ordinal));
        return user with
        {
            Uses = [.. user.Uses.Where(use => use.Type is "[Grpc.Core.Api]Grpc.Core.IMethod" or "[Grpc.Core.Api]Grpc.Core.MethodType")],
        };
    }
}
