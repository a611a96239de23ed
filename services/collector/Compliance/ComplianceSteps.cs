using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// A check of which ids TikTok still shows takes three kinds of requests: a task is created, asked for its state until it is done, and downloaded.
/// The cursor of its checkpoint is the step.
/// </summary>
internal static class ComplianceSteps
{
    /// <summary>The ids go to TikTok; the answer names a task.</summary>
    public const long Create = 0;

    /// <summary>Is the task done?</summary>
    public const long Status = 1;

    /// <summary>The ids that are still shown.</summary>
    public const long Download = 2;

    /// <summary>Which endpoint answers at a step.</summary>
    public static ApiEndpoint Answers(long step) => step switch
    {
        Create => ApiEndpoint.CreateValidationTask,
        Status => ApiEndpoint.ValidationTaskStatus,
        _ => ApiEndpoint.DownloadValidationTask,
    };

    /// <summary>How it is asked and read.</summary>
    public static ResearchEndpoint Api(long step) => step switch
    {
        Create => ResearchEndpoints.CreateValidationTask,
        Status => ResearchEndpoints.ValidationTaskStatus,
        _ => ResearchEndpoints.DownloadValidationTask,
    };

    /// <summary>The request of the step at which the check stands.</summary>
    public static ResearchRequest Ask(Search search, Checkpoint checkpoint) => checkpoint.Cursor is Create
        ? new ValidationTaskRequest { Category = search.Checks is CheckedItems.Comments ? ValidationCategory.Comment : ValidationCategory.Video, Ids = search.VideoIds }
        : Api(checkpoint.Cursor).Ask(TaskOf(checkpoint).TaskId);

    /// <summary>Where the check stands with TikTok's task.</summary>
    public static CheckTask TaskOf(Checkpoint checkpoint) => checkpoint.Check ?? CheckTask.None;
}
