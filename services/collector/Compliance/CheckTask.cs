namespace IssueObservatory.Mesh.Collector;

/// <summary>Where a check stands with TikTok's task.</summary>
internal sealed record CheckTask
{
    /// <summary>Nothing is known of any task.</summary>
    public static readonly CheckTask None = new();

    /// <summary>The task; empty while there is none.</summary>
    public string TaskId { get; init; } = "";

    /// <summary>Tasks that TikTok has given this check.</summary>
    public int Tasks { get; init; }

    /// <summary>Answers of the present task that it is not done.</summary>
    public int Polls { get; init; }

    /// <summary>When the present task was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>What a download held that is asked for once more before it counts; empty when there is none.</summary>
    public string Doubted { get; init; } = "";
}
