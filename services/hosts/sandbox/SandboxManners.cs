namespace IssueObservatory.Mesh.Sandbox;

/// <summary>How the sandbox behaves where nothing else is said.</summary>
public enum SandboxManners
{
    /// <summary>As unkind as the real API on a usual day: <see cref="SandboxFaults.Rude"/>.</summary>
    Rude,

    /// <summary>As the documentation has it, for demonstrations and for tests of one fault alone: <see cref="SandboxFaults.Polite"/>.</summary>
    Polite,
}
