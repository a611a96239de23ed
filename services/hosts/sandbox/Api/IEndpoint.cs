namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>One of the research endpoints. Who asks, what it costs and what goes wrong is settled before and after it.</summary>
internal interface IEndpoint
{
    /// <summary>Its name.</summary>
    SandboxEndpoint Kind { get; }

    /// <summary>Its path below <c>/v2/research/</c>, without a slash at the end.</summary>
    string Path { get; }

    /// <summary>What it answers.</summary>
    Outcome Answer(ApiRequest request);
}
