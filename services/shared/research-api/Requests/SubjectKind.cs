namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>How the one thing that a request is about is written in its body.</summary>
public enum SubjectKind
{
    /// <summary>A user name without the @.</summary>
    Username,

    /// <summary>An id as a bare number.</summary>
    Id,

    /// <summary>An id as text.</summary>
    IdText,

    /// <summary>Any text, e.g. the name of a shop.</summary>
    Text,
}
