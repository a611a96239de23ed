using IssueObservatory.Mesh.Tests;
using Xunit;

namespace IssueObservatory.Mesh.Interop;

/// <summary><c>buf curl</c>, which learns the contract from the server by reflection.</summary>
public sealed class BufReflectionTests(RunningMesh mesh) : ForeignClientContract(mesh, month: 8)
{
    private readonly RunningMesh mesh = mesh;

    private protected override Task<IForeignClient> ConnectAsync() => Task.FromResult<IForeignClient>(new BufClient(mesh.Address, schema: null));
}

/// <summary><c>buf curl</c>, which reads the contract from the protos.</summary>
public sealed class BufSchemaTests(RunningMesh mesh) : ForeignClientContract(mesh, month: 10)
{
    private readonly RunningMesh mesh = mesh;

    private protected override Task<IForeignClient> ConnectAsync() => Task.FromResult<IForeignClient>(new BufClient(mesh.Address, Tools.Protos));
}
