using Grpc.Core;
using IssueObservatory.Mesh.Bench.Wire;

namespace IssueObservatory.Mesh.Bench;

/// <summary>The call through the gRPC runtime and our contract assemblies.</summary>
internal sealed class GrpcEcho : Echo.EchoBase
{
    public override Task<Note> Say(Note request, ServerCallContext context) => Task.FromResult(new Note { Text = request.Text });
}
