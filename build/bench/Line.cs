namespace IssueObservatory.Mesh.Bench;

/// <summary>One line of the report.</summary>
internal sealed record Line
{
    /// <summary>What was measured.</summary>
    public required string What { get; init; }

    /// <summary>What the numbers count.</summary>
    public required string Unit { get; init; }

    /// <summary>Median of our rounds.</summary>
    public required double Ours { get; init; }

    /// <summary>Median of the bare thing's rounds; null when there is nothing to stand beside.</summary>
    public double? Bare { get; init; }

    /// <summary>Ours by bare, round by round, sorted.</summary>
    public IReadOnlyList<double> Ratios { get; init; } = [];

    /// <summary>The least ratio that is good enough; null when the line only informs.</summary>
    public double? Bar { get; init; }

    /// <summary>Whether the median ratio is below the bar.</summary>
    public bool IsMissed => Bar is { } bar && Median.OfSorted(Ratios) < bar;
}
