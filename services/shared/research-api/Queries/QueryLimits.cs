namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Limits of a query that TikTok does not publish. None is known, and people send hundreds of values, so none is checked unless it is set.</summary>
public sealed record QueryLimits
{
    /// <summary>Most conditions in and, or and not together; null for any number.</summary>
    public int? MostConditions { get; init; }

    /// <summary>Most values of one condition; null for any number.</summary>
    public int? MostValues { get; init; }
}
