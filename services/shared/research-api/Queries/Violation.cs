namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One thing that is wrong with an input: where (e.g. <c>query.and[0].operation</c>) and what is allowed there. Fit for the eyes of whoever typed it, not for logs.</summary>
public sealed record Violation(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
