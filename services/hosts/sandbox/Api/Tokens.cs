using System.Globalization;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The access tokens that were handed out. Several of one client key live side by side unless options say otherwise.</summary>
internal sealed class Tokens(SandboxOptions options, SeededRandom random)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly Dictionary<string, Token> issued = new(StringComparer.Ordinal);

    public string Issue(string clientKey, DateTimeOffset now)
    {
        if (options.Rules.RevokeOnIssue)
        {
            foreach (var old in issued.Where(entry => entry.Value.ClientKey == clientKey).Select(entry => entry.Key).ToList())
            {
                issued.Remove(old);
            }
        }

        var text = "clt.2." + string.Create(40, random, (span, source) =>
        {
            foreach (ref var character in span)
            {
                character = Alphabet[source.Next(Alphabet.Length)];
            }
        }) + string.Create(CultureInfo.InvariantCulture, $"*{issued.Count % 10}");
        issued[text] = new(clientKey, now);
        return text;
    }

    /// <summary>The client key behind an <c>Authorization</c> header; null: not, or no longer, valid.</summary>
    public string? Accept(string? authorization, SandboxFaults faults, DateTimeOffset now)
    {
        if (authorization is not { Length: > 7 }
            || !authorization.StartsWith("bearer ", StringComparison.OrdinalIgnoreCase)
            || !issued.TryGetValue(authorization[7..].Trim(), out var token)
            || now - token.IssuedAt >= options.TokenLifetime
            || now - token.IssuedAt >= faults.TokenValidFor
            || token.Used >= faults.TokenValidRequests)
        {
            return null;
        }

        token.Used++;
        return token.ClientKey;
    }

    public void RevokeAll() => issued.Clear();

    private sealed record Token(string ClientKey, DateTimeOffset IssuedAt)
    {
        public int Used { get; set; }
    }
}
