namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Which reading a value comes from. Later readings win; page and position only break ties, so that the order of arrival never matters.</summary>
/// <param name="At">When the page was fetched, unix milliseconds.</param>
/// <param name="Page">The page.</param>
/// <param name="Position">Place in the page.</param>
internal readonly record struct ReadVersion(long At, string Page, int Position) : IComparable<ReadVersion>
{
    public int CompareTo(ReadVersion other)
    {
        var byTime = At.CompareTo(other.At);
        var byPage = byTime != 0 ? byTime : string.CompareOrdinal(Page, other.Page);
        return byPage != 0 ? byPage : Position.CompareTo(other.Position);
    }

    public static bool operator <(ReadVersion left, ReadVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ReadVersion left, ReadVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ReadVersion left, ReadVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ReadVersion left, ReadVersion right) => left.CompareTo(right) >= 0;
}
