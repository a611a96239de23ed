namespace IssueObservatory.Mesh.Collector;

/// <summary>A subject that another collection's records name.</summary>
/// <param name="Subject">A video's id or a user's name.</param>
/// <param name="Items">How long its list is, as far as a record says.</param>
internal sealed record ListedSubject(string Subject, long Items);
