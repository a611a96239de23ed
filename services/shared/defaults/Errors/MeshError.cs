using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>What an answer of the mesh says about its failure.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record MeshError(ErrorReason Reason, string Message)
{
    /// <summary>Details for programs.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is wrong with which field, for bad input.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; init; } = [];

    /// <summary>When asking again may help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same as an exception.</summary>
    public MeshException ToException(Exception cause) => new(Reason, Message, cause) { Metadata = Metadata, Violations = Violations, RetryAfter = RetryAfter };
}
