namespace IssueObservatory.Mesh.Sandbox;

/// <summary>Units that brought nothing.</summary>
/// <param name="Refused">Counted requests that were answered with an error, or not at all.</param>
/// <param name="Repeated">Counted repetitions of a request that had been answered well.</param>
/// <param name="Invalid">Of the refused ones, those that the client could have known to be wrong: 400 that is not about a search or a cursor.</param>
public sealed record SandboxWasteReport(int Refused, int Repeated, int Invalid)
{
    internal static SandboxWasteReport Of(IReadOnlyList<SandboxRequest> log) => new(
        log.Count(request => request is { Counted: true, IsGood: false }),
        SandboxRepetition.Of(log).Sum(repetition => repetition.AfterSuccess),
        log.Count(request => request is { Counted: true, Status: 400, SearchId: null }));
}
