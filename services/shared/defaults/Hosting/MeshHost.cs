namespace IssueObservatory.Mesh.Defaults;

/// <summary>What this process is.</summary>
/// <param name="Name">Its name in traces and health.</param>
/// <param name="Services">The services that it answers for; others are found in the configuration <c>Services:{service}</c>.</param>
internal sealed record MeshHost(string Name, IReadOnlyList<string> Services)
{
    /// <summary>Whether it answers for the service.</summary>
    public bool Has(string service) => Services.Contains(service, StringComparer.Ordinal);
}
