namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Spreads those who come back at one time, without chance: the same id always gets the same share.</summary>
internal static class Jitter
{
    /// <summary>A number from 0 to 1 made from an id (FNV-1a).</summary>
    public static double Of(string id)
    {
        var hash = 2166136261u;
        foreach (var character in id)
        {
            hash = unchecked((hash ^ character) * 16777619u);
        }

        return hash / (double)uint.MaxValue;
    }
}
