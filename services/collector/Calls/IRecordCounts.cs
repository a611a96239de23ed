using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The normalizer, as far as collections ask it how much they have.</summary>
internal interface IRecordCounts
{
    /// <summary>How many records a view holds, in all and per clause.</summary>
    Task<CountRecordsResponse> CountAsync(string labId, RecordView view, CancellationToken cancellationToken);
}
