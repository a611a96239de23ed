using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// The one exception that the edge translates; <see cref="ErrorReason"/> decides about the status.
/// The message is read by people and must hold no secret, name or query text of others.
/// </summary>
public sealed class MeshException : Exception
{
    /// <summary>An error with its reason.</summary>
    public MeshException(ErrorReason reason, string message)
        : base(message) => Reason = reason;

    /// <summary>An error with the exception that caused it; the cause is logged and never shown.</summary>
    public MeshException(ErrorReason reason, string message, Exception innerException)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why.</summary>
    public ErrorReason Reason { get; }

    /// <summary>Details for programs, e.g. TikTok's code and log_id.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Every violation of a bad input; becomes google.rpc.BadRequest.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; init; } = [];

    /// <summary>When asking again may help; becomes google.rpc.RetryInfo.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Bad input with all its violations.</summary>
    public static MeshException BadInput(IReadOnlyList<FieldViolation> violations) =>
        new(ErrorReason.BadInput, string.Join("; ", violations.Select(violation => violation.Description))) { Violations = violations };

    /// <summary>Bad input with one violation.</summary>
    public static MeshException BadInput(string field, string description) => BadInput([new FieldViolation(field, description)]);

    /// <summary>Nothing of that name in the caller's lab.</summary>
    public static MeshException NotFound(string what) => new(ErrorReason.NotFound, $"{what} was not found in this lab.");
}

/// <summary>What is wrong with one field, and what is allowed.</summary>
/// <param name="Field">Path of the field, e.g. <c>spec.days.from</c>.</param>
/// <param name="Description">One sentence that names the field and what is allowed. Other fields of the request stand in backticks, so that a client may put its own words for them.</param>
public sealed record FieldViolation(string Field, string Description);
