using System.Text.Json;

namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What a client did, read off the log: what it asked, what it repeated, what it lost and what it wasted.</summary>
public sealed record SandboxReport
{
    public required int Requests { get; init; }

    /// <summary>Units of the day, both buckets.</summary>
    public required int Counted { get; init; }

    /// <summary>By endpoint, as scripts name them.</summary>
    public required IReadOnlyDictionary<string, SandboxEndpointReport> Endpoints { get; init; }

    /// <summary>Requests that came more than once with the same body and fields.</summary>
    public required IReadOnlyList<SandboxRepetition> Repeated { get; init; }

    public required SandboxSearchReport Searches { get; init; }

    public required SandboxWasteReport Wasted { get; init; }

    /// <summary>What came after a refusal, by its error code.</summary>
    public required IReadOnlyDictionary<string, SandboxAftermath> After { get; init; }

    /// <summary>The requests that each named sequence of the script answered.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<SandboxAttempt>> Sequences { get; init; }

    /// <summary>The report of these requests, in the order of arrival.</summary>
    public static SandboxReport Of(IReadOnlyList<SandboxRequest> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return new()
        {
            Requests = log.Count,
            Counted = log.Count(request => request.Counted),
            Endpoints = By(log, request => Name(request.Endpoint), SandboxEndpointReport.Of),
            Repeated = SandboxRepetition.Of(log),
            Searches = SandboxSearchReport.Of(log),
            Wasted = SandboxWasteReport.Of(log),
            After = By(log.Where(request => request.Status is 401 or 429), request => request.ErrorCode ?? "none", refused => SandboxAftermath.Of(refused, log)),
            Sequences = By(log.Where(request => request.Sequence is not null), request => request.Sequence!, SandboxAttempt.Of),
        };
    }

    internal static string Name(SandboxEndpoint endpoint) => JsonNamingPolicy.SnakeCaseLower.ConvertName(endpoint.ToString());

    internal static IReadOnlyDictionary<string, T> By<T>(IEnumerable<SandboxRequest> log, Func<SandboxRequest, string> key, Func<IReadOnlyList<SandboxRequest>, T> make) =>
        log.GroupBy(key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => make([.. group]), StringComparer.Ordinal);
}
