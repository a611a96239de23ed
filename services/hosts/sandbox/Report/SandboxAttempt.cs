namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A request that a named sequence of the script answered.</summary>
/// <param name="Number">Its number in the log.</param>
/// <param name="At">By the sandbox's clock.</param>
/// <param name="WaitSeconds">Since the sequence's answer before; null for the first one.</param>
/// <param name="Status">What it got; null: no answer.</param>
public sealed record SandboxAttempt(int Number, DateTimeOffset At, double? WaitSeconds, int? Status)
{
    internal static IReadOnlyList<SandboxAttempt> Of(IReadOnlyList<SandboxRequest> answered) =>
    [
        .. answered.Select((request, index) => new SandboxAttempt(
            request.Number, request.At, index == 0 ? null : (request.At - answered[index - 1].At).TotalSeconds, request.Status)),
    ];
}
