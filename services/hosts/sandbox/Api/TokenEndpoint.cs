using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;
using Microsoft.AspNetCore.WebUtilities;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary><c>POST /v2/oauth/token/</c>: form-encoded, errors flat.</summary>
internal sealed class TokenEndpoint(SandboxOptions options, Tokens tokens, Envelope envelope, SeededRandom random)
{
    /// <summary>The client key that the form names, for the log; null: none, or no form.</summary>
    public static string? ClientKey(WireCall call) => Form(call)?.GetValueOrDefault("client_key");

    public Answer Answer(WireCall call, SandboxFaults faults, DateTimeOffset now)
    {
        if (Form(call) is not { } form)
        {
            return Error(400, "invalid_request", "The request parameters are malformed.");
        }

        var key = form.GetValueOrDefault("client_key", "");
        var secret = form.GetValueOrDefault("client_secret", "");
        if (key.Length == 0)
        {
            return Error(400, "invalid_request", "Client key is missed in request.");
        }

        if (secret.Length == 0)
        {
            return Error(400, "invalid_request", "Client secret is missed in request.");
        }

        if (form.GetValueOrDefault("grant_type") != "client_credentials")
        {
            return Error(400, "unsupported_grant_type", "The grant type is not supported.");
        }

        if (!IsKnown(key, secret))
        {
            return Error(401, "invalid_client", "Client key or secret is incorrect.");
        }

        return new(200, JsonBody.Write(new JsonObject
        {
            ["access_token"] = tokens.Issue(key, now),
            ["expires_in"] = faults.TokenExpiresIn ?? (long)options.TokenLifetime.TotalSeconds,
            ["token_type"] = "Bearer",
        }, random))
        { ErrorCode = "ok" };
    }

    private bool IsKnown(string key, string secret) =>
        options.Clients.TryGetValue(key, out var expected)
            ? secret == expected
            : options.RequiredSecret is { } required ? secret == required : options.Clients.Count == 0;

    private Answer Error(int status, string error, string description)
    {
        var logId = envelope.NextLogId();
        return new(options.Rules.OAuthErrorsWithStatus200 ? 200 : status, JsonBody.Write(new JsonObject
        {
            ["error"] = error,
            ["error_description"] = description,
            ["log_id"] = logId,
        }, random))
        { ErrorCode = error, LogId = logId };
    }

    private static Dictionary<string, string>? Form(WireCall call) =>
        call.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
            ? QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Body.Span)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal)
            : null;
}
