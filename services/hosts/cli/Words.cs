using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli;

/// <summary>The words that the command writes for values of the protos.</summary>
internal static class Words
{
    /// <summary>Who was told not to wait stays so long: the pace of background work leaves 90 s between two requests.</summary>
    private static readonly TimeSpan LongestStay = TimeSpan.FromMinutes(5);

    /// <summary>E.g. <c>waiting_for_quota</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Lower(value.ToString());

    /// <summary>E.g. <c>WAITING_FOR_QUOTA</c>.</summary>
    public static string Upper<T>(T value)
        where T : struct, Enum => Of(value).ToUpperInvariant();

    /// <summary>What was said; null when nothing was.</summary>
    public static string? OrNull(string text) => text.Length > 0 ? text : null;

    /// <summary>Whether a collection is over.</summary>
    public static bool IsOver(this CollectionState state) =>
        state is CollectionState.Complete or CollectionState.CompleteWithGaps or CollectionState.Cancelled or CollectionState.Failed;

    /// <summary>Whether a standing collection has read every day that is old enough.</summary>
    public static bool IsUpToDate(this CollectionStatus status) => status is { State: CollectionState.Running, Standing: not null, Days.Pending: 0 };

    /// <summary>
    /// Whether it waits until a time that is more than five minutes away. With its last unit of the day on its way it does not yet:
    /// whoever left now would lose the answer.
    /// </summary>
    public static bool IsHeldUp(this CollectionStatus status, DateTimeOffset now) =>
        status.State is CollectionState.Running or CollectionState.WaitingForQuota
        && status.WaitingUntil?.ToDateTimeOffset() - now > LongestStay
        && (status.Requests is not { } requests || requests.Sent <= requests.Ok + requests.Failed);

    /// <summary>What a collection answers to the shell.</summary>
    public static int ToExitCode(this CollectionStatus status) => status.State switch
    {
        CollectionState.Running when status.IsUpToDate() => status.Gaps.Count > 0 ? ExitCode.CompleteWithGaps : ExitCode.Complete,
        CollectionState.Complete => ExitCode.Complete,
        CollectionState.CompleteWithGaps => ExitCode.CompleteWithGaps,
        CollectionState.Cancelled => ExitCode.Cancelled,
        CollectionState.Failed => ExitCode.Failed,
        _ => ExitCode.WaitingForQuota,
    };

    private static string Lower(string name)
    {
        var words = new System.Text.StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0)
            {
                words.Append('_');
            }

            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
