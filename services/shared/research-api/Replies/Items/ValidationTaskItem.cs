namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>How far a validation task is.</summary>
public enum ValidationTaskState
{
    /// <summary>TikTok used a word that we do not know; ask again.</summary>
    Unknown,

    Processing,

    Completed,

    Failed,
}

/// <summary>A validation task, as creating it and asking for its state answer: the first says its id, the second its state.</summary>
public sealed record ValidationTaskItem : IResearchItem<ValidationTaskItem>
{
    /// <summary>As text: the documented one is beyond int64.</summary>
    public string? TaskId { get; init; }

    public ValidationTaskState? State { get; init; }

    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    static NameTable IResearchItem<ValidationTaskItem>.Names { get; } = new("task_id", "task_status");

    static ValidationTaskItem? IResearchItem<ValidationTaskItem>.Of(ref LenientFields fields)
    {
        var (id, state) = (fields.Id("task_id"u8), fields.Text("task_status"u8));
        return id is null && state is null ? null : new()
        {
            TaskId = id,
            State = state?.ToUpperInvariant() switch
            {
                null => null,
                "PROCESSING" => ValidationTaskState.Processing,
                "COMPLETED" => ValidationTaskState.Completed,
                "FAILED" => ValidationTaskState.Failed,
                _ => ValidationTaskState.Unknown,
            },
            UnreadableFields = fields.Unreadable,
            UnknownFields = fields.Unknown,
        };
    }
}
