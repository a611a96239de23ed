using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The normalizer over gRPC.</summary>
internal sealed class GrpcSubjects(Normalizer.NormalizerClient client) : ISubjects
{
    public async Task<IReadOnlyList<ListedSubject>> ListAsync(string labId, RecordView view, ApiEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var call = client.ListSubjects(new() { View = view, Endpoint = endpoint }, GrpcLab.For(labId), cancellationToken: cancellationToken);
        List<ListedSubject> subjects = [];
        await foreach (var subject in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            subjects.Add(new(subject.Subject, subject.Items));
        }

        return subjects;
    }
}
