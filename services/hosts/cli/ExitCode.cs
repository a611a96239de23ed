namespace IssueObservatory.Mesh.Cli;

/// <summary>What the command answers to the shell.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Complete = 0;

    /// <summary>It did not work.</summary>
    public const int Failed = 1;

    /// <summary>Something in the command is not allowed.</summary>
    public const int BadInput = 2;

    /// <summary>Done, but days are missing.</summary>
    public const int CompleteWithGaps = 3;

    /// <summary>Waits for quota, or for anything else for more than five minutes, and was told not to stay.</summary>
    public const int WaitingForQuota = 4;

    /// <summary>The collection was cancelled.</summary>
    public const int Cancelled = 5;

    /// <summary>Interrupted; the same command goes on.</summary>
    public const int Interrupted = 130;
}
