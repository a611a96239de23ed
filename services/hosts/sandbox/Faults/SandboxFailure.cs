namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A share of requests that fails.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Endpoint">null: every research endpoint.</param>
/// <param name="From">Only video queries whose window touches the days from this one on; null: all.</param>
/// <param name="To">The last of these days; null: no end.</param>
public sealed record SandboxFailure(double Share, SandboxEndpoint? Endpoint = null, DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>Whether this is about that request.</summary>
    internal bool Concerns(SandboxCall call) =>
        (Endpoint is null || Endpoint == call.Endpoint)
        && ((From, To) is (null, null) || (call is { StartDate: { } start, EndDate: { } end }
            && string.CompareOrdinal(end, $"{From ?? DateOnly.MinValue:yyyyMMdd}") >= 0
            && string.CompareOrdinal(start, $"{To ?? DateOnly.MaxValue:yyyyMMdd}") <= 0));
}
