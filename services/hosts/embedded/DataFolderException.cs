namespace IssueObservatory.Mesh.Embedded;

/// <summary>A data folder that cannot be used; the message says in one line why, and what to do.</summary>
public sealed class DataFolderException : Exception
{
    /// <summary>The reason, for people.</summary>
    public DataFolderException(string message)
        : base(message)
    {
    }

    /// <summary>The reason and what caused it.</summary>
    public DataFolderException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the folder is good and another process has it: attach to that one.</summary>
    public bool IsClaimed { get; init; }
}
