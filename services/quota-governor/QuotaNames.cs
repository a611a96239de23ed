using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Words that others read.</summary>
internal static class QuotaNames
{
    /// <summary>A bucket's.</summary>
    public static string Of(QuotaBucket bucket) => bucket is QuotaBucket.Follow ? "follow" : "research";

    /// <summary>A kind of work's.</summary>
    public static string Of(Priority priority) => priority switch
    {
        Priority.Interactive => "interactive",
        Priority.Refresh => "refresh",
        _ => "backfill",
    };
}
