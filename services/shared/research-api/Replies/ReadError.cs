namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Why an item cannot become a record. It goes to quarantine with this, and the others go on.</summary>
public enum ReadError
{
    /// <summary>The bytes are not JSON.</summary>
    NotJson,

    /// <summary>A number, a text, a list or null where an object belongs.</summary>
    NotAnObject,

    /// <summary>No id, or none that is a number or a word.</summary>
    NoId,
}
