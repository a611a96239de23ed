using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli;

/// <summary>The words that the command writes for values of the protos.</summary>
internal static class Words
{
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

    /// <summary>What a state answers to the shell.</summary>
    public static int ToExitCode(this CollectionState state) => state switch
    {
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
