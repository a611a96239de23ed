namespace IssueObservatory.Mesh.Sandbox;

/// <summary>How a client does in a scenario, so far.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="State">As the checks say.</param>
/// <param name="Checks">One by one.</param>
public sealed record SandboxVerdict(string Scenario, SandboxVerdictState State, IReadOnlyList<SandboxCheck> Checks)
{
    internal static SandboxVerdict Of(string scenario, IReadOnlyList<SandboxCheck> checks) => new(
        scenario,
        checks.Any(check => check.Holds == false) ? SandboxVerdictState.Failed
            : checks.Any(check => check.Holds is null) ? SandboxVerdictState.Running
            : SandboxVerdictState.Passed,
        checks);
}

/// <summary>Where a rehearsal stands.</summary>
public enum SandboxVerdictState
{
    /// <summary>Nothing wrong so far, and not everything seen.</summary>
    Running,

    /// <summary>Everything was as it should be.</summary>
    Passed,

    /// <summary>Something was not.</summary>
    Failed,
}
