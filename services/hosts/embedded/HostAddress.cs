using System.Text.Json.Serialization;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Embedded;

/// <summary>Where a running host answers callers, and the key that lets them in.</summary>
/// <param name="Address">Loopback address of the callers' port.</param>
/// <param name="Key">Key of the caller <c>local</c>.</param>
public sealed record HostAddress(Uri Address, Secret<string> Key);

/// <summary>The text of <c>host.json</c>, readable by the folder's owner only.</summary>
internal sealed record HostFile
{
    [JsonPropertyName("address")]
    public required Uri Address { get; init; }

    [JsonPropertyName("key")]
    public required string Key { get; init; }

    [JsonPropertyName("pid")]
    public required int ProcessId { get; init; }
}
