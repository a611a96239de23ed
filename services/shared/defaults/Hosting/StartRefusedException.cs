namespace IssueObservatory.Mesh.Defaults;

/// <summary>A host does not start; the message says in one line what is wrong and what is allowed.</summary>
public sealed class StartRefusedException : Exception
{
    /// <summary>The reason, for people.</summary>
    public StartRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>The reason and what caused it.</summary>
    public StartRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
