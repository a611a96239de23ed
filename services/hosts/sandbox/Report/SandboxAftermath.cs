namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What the client did after refusals of one kind.</summary>
/// <param name="Times">How often it was refused so.</param>
/// <param name="ShortestWaitSeconds">The shortest time until the next request of any kind but for a token, by the sandbox's clock; null: none came.</param>
/// <param name="RequestsTheSameDay">Requests, but for tokens, between the first of these refusals and the next 00:00 UTC.</param>
/// <param name="TokenCalls">Token calls that came right after such a refusal.</param>
public sealed record SandboxAftermath(int Times, double? ShortestWaitSeconds, int RequestsTheSameDay, int TokenCalls)
{
    internal static SandboxAftermath Of(IReadOnlyList<SandboxRequest> refused, IReadOnlyList<SandboxRequest> log)
    {
        var first = refused[0];
        var waits = refused
            .Select(request => log.FirstOrDefault(later => later.Number > request.Number && later.Endpoint != SandboxEndpoint.Token) is { } next ? (next.At - request.At).TotalSeconds : (double?)null)
            .Where(wait => wait is not null);
        return new(
            refused.Count,
            waits.Min(),
            log.Count(later => later.Number > first.Number && later.Endpoint != SandboxEndpoint.Token && later.At.UtcDateTime.Date == first.At.UtcDateTime.Date),
            refused.Count(request => log.FirstOrDefault(later => later.Number == request.Number + 1) is { Endpoint: SandboxEndpoint.Token }));
    }
}
