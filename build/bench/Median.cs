namespace IssueObservatory.Mesh.Bench;

/// <summary>The middle of several measurements: one disturbed round does not move it.</summary>
internal static class Median
{
    public static double Of(IEnumerable<double> values) => OfSorted([.. values.Order()]);

    public static double OfSorted(IReadOnlyList<double> sorted) =>
        sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
}
