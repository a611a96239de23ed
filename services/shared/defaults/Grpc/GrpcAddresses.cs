using Microsoft.Extensions.Configuration;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Where a service answers, as <c>Services:{service}</c> says: one address, or several separated by commas, one for each of its processes.</summary>
internal static class GrpcAddresses
{
    /// <summary>The addresses of a service about which nothing is wrong.</summary>
    public static IReadOnlyList<Uri> Of(string service, IConfiguration configuration) => [.. Parts(configuration[Key(service)]).Select(part => new Uri(part))];

    /// <summary>What is wrong with the addresses of a service, a line for each.</summary>
    public static IReadOnlyList<string> Problems(string service, IConfiguration configuration)
    {
        var key = Key(service);
        var parts = Parts(configuration[key]);
        if (parts.Length == 0)
        {
            return [$"{key} is missing; set it to the address of the service's internal port, such as http://127.0.0.1:5081, or to several separated by commas."];
        }

        List<string> bad = [.. parts.Index().Where(part => !IsAddress(part.Item)).Select(part => $"{key} must hold addresses such as http://127.0.0.1:5081; number {part.Index + 1} is none.")];
        return bad.Count == 0 && parts.Select(part => new Uri(part).Scheme).Distinct(StringComparer.Ordinal).Count() > 1
            ? [$"{key} must hold addresses of one kind: all http or all https."]
            : bad;
    }

    private static string Key(string service) => $"Services:{service}";

    private static string[] Parts(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsAddress(string part) =>
        Uri.TryCreate(part, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", UserInfo: "", PathAndQuery: "/", Fragment: "" };
}
