using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>The gauge <c>mesh.token.age</c>: seconds since the token in use was obtained, per lab and credential.</summary>
internal sealed class TokenMetrics : IDisposable
{
    private readonly Meter meter = new(MeshTelemetry.Name);
    private readonly ConcurrentDictionary<CredentialKey, DateTimeOffset> obtained = new();

    public TokenMetrics(TimeProvider clock) => meter.CreateObservableGauge(
        "mesh.token.age",
        () => obtained.Select(token => new Measurement<double>(
            (clock.GetUtcNow() - token.Value).TotalSeconds,
            new KeyValuePair<string, object?>("mesh.lab", token.Key.LabId),
            new KeyValuePair<string, object?>("mesh.credential", token.Key.CredentialId))),
        "s",
        "Age of the access token in use.");

    /// <summary>This token is in use.</summary>
    public void Show(AccessToken token) => obtained[token.Key] = token.ObtainedAt;

    /// <summary>No token of this credential is in use.</summary>
    public void Hide(CredentialKey key) => obtained.TryRemove(key, out _);

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
