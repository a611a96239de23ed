namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>An answer that is one object rather than a list: a profile, a playlist, a task. There is an item exactly when the error is ok.</summary>
public sealed record Answer<T>
    where T : class, IResearchItem<T>
{
    public required ApiError Error { get; init; }

    public T? Item { get; init; }
}
