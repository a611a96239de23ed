namespace IssueObservatory.Mesh.Sandbox;

/// <summary>One request that came several times.</summary>
/// <param name="Endpoint">Where to.</param>
/// <param name="First">Number of the first one in the log.</param>
/// <param name="Times">How often it came.</param>
/// <param name="Counted">How many of them took a unit.</param>
/// <param name="AfterSuccess">How many came although an earlier one had been answered well.</param>
/// <param name="WaitSeconds">The pauses between them by the sandbox's clock.</param>
public sealed record SandboxRepetition(SandboxEndpoint Endpoint, int First, int Times, int Counted, int AfterSuccess, IReadOnlyList<double> WaitSeconds)
{
    internal static IReadOnlyList<SandboxRepetition> Of(IReadOnlyList<SandboxRequest> log) =>
    [
        .. log.Where(request => request.Body is not null)
            .GroupBy(request => (request.Endpoint, request.Fields, request.Body))
            .Select(group => (SandboxRequest[])[.. group])
            .Where(same => same.Length > 1)
            .Select(same => new SandboxRepetition(
                same[0].Endpoint,
                same[0].Number,
                same.Length,
                same.Count(request => request.Counted),
                same.SkipWhile(request => !request.IsGood).Skip(1).Count(),
                [.. same.Zip(same.Skip(1), (earlier, later) => (later.At - earlier.At).TotalSeconds)])),
    ];
}
