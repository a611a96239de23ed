namespace IssueObservatory.Mesh.Bench;

/// <summary>One thing that is measured.</summary>
internal interface IBench
{
    /// <summary>The word that asks for it.</summary>
    string Name { get; }

    /// <summary>Measures; each line is given as soon as it is known.</summary>
    IAsyncEnumerable<Line> RunAsync(CancellationToken cancellationToken);
}
