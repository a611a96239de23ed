using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The normalizer, as far as its records name what lists could be read of.</summary>
internal interface ISubjects
{
    /// <summary>Whom or what the records of a view name, each once: videos for COMMENTS, authors for USER_INFO.</summary>
    Task<IReadOnlyList<ListedSubject>> ListAsync(string labId, RecordView view, ApiEndpoint endpoint, CancellationToken cancellationToken);
}
