namespace IssueObservatory.Mesh.Ucr;

/// <summary>The observatory's cold-start score of engagement, 0–100.</summary>
public static class EngagementScore
{
    /// <summary>Names the formula; stored beside each score, because the observatory changes it.</summary>
    public const string Version = "io-cold-start-1";

    private const double Scale = 5.0;

    /// <summary>
    /// <c>min(100, round(ln(1 + S) · 5, 2))</c> with S = 0.001 views + 0.1 likes + shares + comments over the positive counts; a missing count is 0.
    /// Null when all four are missing or zero.
    /// </summary>
    public static double? Of(long? views, long? likes, long? shares, long? comments)
    {
        if ((views ?? 0) == 0 && (likes ?? 0) == 0 && (shares ?? 0) == 0 && (comments ?? 0) == 0)
        {
            return null;
        }

        var sum = (0.001 * Positive(views)) + (0.1 * Positive(likes)) + Positive(shares) + Positive(comments);
        return sum <= 0 ? 0 : Math.Min(100, RoundToCents(Math.Log(1 + sum) * Scale));
    }

    /// <summary>
    /// Python's <c>round(value, 2)</c>: judges the exact binary value, half to even. Math.Round multiplies first and so rounds some values the other way.
    /// </summary>
    internal static double RoundToCents(double value)
    {
        var hundredfold = value * 100;
        var lost = Math.FusedMultiplyAdd(value, 100, -hundredfold);
        var whole = Math.Floor(hundredfold);
        var aboveHalf = hundredfold - whole - 0.5 + lost;
        return (aboveHalf > 0 || (aboveHalf == 0 && whole % 2 != 0) ? whole + 1 : whole) / 100;
    }

    private static double Positive(long? count) => count is > 0 ? count.Value : 0;
}
