namespace IssueObservatory.Mesh.Bench;

/// <summary>A world of which the quota bench tells what it costs: a file of its own for each, deterministic, over a virtual clock.</summary>
internal interface IWorld
{
    /// <summary>Heading of its part of the table.</summary>
    string Name { get; }

    /// <summary>What it does with what it is given, and what the numbers mean; one or two sentences.</summary>
    string About { get; }

    /// <summary>Its lines, in the order of the table.</summary>
    Task<IReadOnlyList<WorldLine>> RunAsync(CancellationToken cancellationToken);
}

/// <summary>A line of the table.</summary>
/// <param name="What">What was counted.</param>
/// <param name="Result">The count, as it is printed.</param>
/// <param name="Bar">What must hold, in words; empty when it only informs.</param>
/// <param name="Holds">Whether it does.</param>
internal sealed record WorldLine(string What, string Result, string Bar = "", bool Holds = true);
