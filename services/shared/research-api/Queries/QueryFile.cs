using System.Diagnostics.CodeAnalysis;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A query that a researcher brings along in a file: the API's <c>query</c> object, or a whole request body around it.</summary>
public sealed record QueryFile
{
    public required VideoQuery Query { get; init; }

    /// <summary>First day, when the file names one.</summary>
    public DateOnly? StartDate { get; init; }

    /// <summary>Last day (inclusive), when the file names one. The range may be longer than a window: the planner cuts it.</summary>
    public DateOnly? EndDate { get; init; }

    /// <summary>Records per page, 1 to 100, when the file names it.</summary>
    public int? MaxCount { get; init; }
}

/// <summary>Either a query that can be sent, or everything that is wrong with the file.</summary>
public sealed record QueryFileReading
{
    public QueryFile? File { get; init; }

    public IReadOnlyList<Violation> Violations { get; init; } = [];

    [MemberNotNullWhen(true, nameof(File))]
    public bool IsValid => File is not null;
}
