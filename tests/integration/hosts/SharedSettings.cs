using System.Security.Cryptography;
using Grpc.Core;
using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Integration.Hosts;

/// <summary>What all processes of one mesh are told alike: keys and secrets by files, and where the Research API is.</summary>
internal sealed class SharedSettings
{
    public const string ClientSecret = "canary-secret-of-the-client-9c2e";

    public const string Salt = "salt-of-the-tests-0123456789-0123456789";

    private readonly TemporaryFolder folder;

    public SharedSettings(TemporaryFolder folder, Uri researchApi)
    {
        this.folder = folder;
        Environment = new(StringComparer.Ordinal)
        {
            ["MESH_INTERNAL_KEY_FILE"] = Keep("internal.key", InternalKey),
            ["MESH_CALLER_KEY_FILE"] = CallerKeyFile = Keep("caller.key", CallerKey),
            ["MESH_CREDENTIALS_KEY_FILE"] = Keep("credentials.key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            ["PSEUDONYMIZATION_SALT_FILE"] = Keep("salt", Salt),
            ["TIKTOK_CLIENT_KEY_FILE"] = Keep("client.key", "awkey0000000"),
            ["TIKTOK_CLIENT_SECRET_FILE"] = Keep("client.secret", ClientSecret),
            ["RESEARCH_API_BASE_URL"] = researchApi.GetLeftPart(UriPartial.Authority),
            ["RESEARCH_API_FIRST_BYTE_SECONDS"] = "10",
            ["QuotaGovernor__RequestsPerSecond"] = "0",
            ["Collector__ConfirmPauseSeconds"] = "0.1",
            ["Collector__SweepSeconds"] = "2",
            ["RefreshScheduler__Spends"] = "false",
        };
    }

    public Dictionary<string, string> Environment { get; }

    public string InternalKey { get; } = RandomNumberGenerator.GetHexString(64);

    /// <summary>What a service of the mesh says when it calls another for the lab.</summary>
    public Metadata AsService => ServiceWith(InternalKey);

    public string CallerKey { get; } = RandomNumberGenerator.GetHexString(64);

    public string CallerKeyFile { get; }

    /// <summary>The same with another key.</summary>
    public static Metadata ServiceWith(string key) => new() { { "mesh-internal-key", key }, { "mesh-lab-id", "default" } };

    /// <summary>A file in the folder that holds a text.</summary>
    public string Keep(string name, string text)
    {
        File.WriteAllText(folder.PathOf(name), text);
        return folder.PathOf(name);
    }
}
