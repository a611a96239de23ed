using IssueObservatory.Mesh.Tests;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Interop;

/// <summary>Debian's <c>python3-grpcio</c> with stubs of Debian's protoc.</summary>
public sealed class PythonClientTests(RunningMesh mesh, PythonStubs stubs) : ForeignClientContract(mesh, month: 6), IClassFixture<PythonStubs>
{
    private readonly RunningMesh mesh = mesh;

    [Fact]
    public async Task What_the_client_compresses_is_understood()
    {
        await using var client = await ConnectAsync();

        (await client.CallAsync(Call("DescribeArena", []) with { Gzip = true })).Message.Word("platform").ShouldBe("tiktok");
    }

    private protected override async Task<IForeignClient> ConnectAsync() =>
        new LineClient(RunningProgram.Start(Tools.Python, await stubs.EnvironmentAsync(), [Tools.Client("python_client.py"), mesh.Address.Authority]));
}
