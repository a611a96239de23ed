using IssueObservatory.Mesh.Tests;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Interop;

/// <summary><c>@grpc/grpc-js</c> with <c>@grpc/proto-loader</c>.</summary>
public sealed class NodeClientTests(RunningMesh mesh) : ForeignClientContract(mesh, month: 4)
{
    private readonly RunningMesh mesh = mesh;

    [Fact]
    public async Task What_the_client_compresses_is_understood()
    {
        await using var client = await ConnectAsync();

        (await client.CallAsync(Call("DescribeArena", []) with { Gzip = true })).Message.Word("platform").ShouldBe("tiktok");
    }

    private protected override Task<IForeignClient> ConnectAsync()
    {
        Tools.NeedPackage("@grpc/grpc-js");
        Tools.NeedPackage("@grpc/proto-loader");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        return Task.FromResult<IForeignClient>(new LineClient(RunningProgram.Start(Tools.InPath("node"), environment, [Tools.Client("node_client.mjs"), mesh.Address.Authority, Tools.Npm, Tools.Protos])));
    }
}
