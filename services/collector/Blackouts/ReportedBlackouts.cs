using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Blackouts that researchers have published. They are named before a collection begins and are skipped by nobody: when they were reported says nothing of today.
/// </summary>
internal static class ReportedBlackouts
{
    /// <summary>Hashtags from March 2021 to July 2022, and some days, not named, of October 2023.</summary>
    private static readonly Days[] Hashtags = [new(new(2021, 3, 1), new(2022, 7, 31)), new(new(2023, 10, 1), new(2023, 10, 31))];

    /// <summary>Reported days of a class of which nothing is known here, as stretches.</summary>
    public static IEnumerable<Days> Untested(ClauseClass clauseClass, ClassBlackouts known) =>
        clauseClass is ClauseClass.Hashtag
            ? Hashtags.SelectMany(reported => Days.Stretches(reported.Each().Where(day => known.At(day) is null)))
            : [];
}
