using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads the token endpoint's answer by its body alone: the status of OAuth errors is not documented and differs.</summary>
public static class TokenReader
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(2);

    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    private static readonly string[] PermanentCodes =
    [
        "invalid_client", "unauthorized_client", "invalid_request", "invalid_grant", "invalid_scope",
        "unsupported_grant_type", "unsupported_response_type", "access_denied",
    ];

    public static TokenResult Read(RawReply reply)
    {
        if (reply.Fault is { } fault)
        {
            return new TokenUnavailable($"{fault}", reply.CertainlyNotSent);
        }

        using var body = LenientJson.Parse(reply.Body, out var unreadable);
        if (body is null || body.Root.ValueKind is not JsonValueKind.Object)
        {
            return new TokenUnavailable($"HTTP {reply.Status}: {unreadable ?? "not an object"}", CertainlyNotSent: false);
        }

        var root = body.Root;
        // Documented bare; TikTok's other endpoints wrap their answers in data, so that is read too.
        var holder = LenientJson.Get(root, "data") is { ValueKind: JsonValueKind.Object } data && LenientJson.Has(data, "access_token") ? data : root;
        if (LenientJson.Text(LenientJson.Get(holder, "access_token")) is { Length: > 0 } token)
        {
            return ResearchApiClient.IsToken(token)
                ? new TokenGranted(token, Lifetime(LenientJson.Get(holder, "expires_in")), LenientJson.Text(LenientJson.Get(holder, "token_type")) ?? "Bearer")
                : new TokenUnavailable("the token holds characters that no header may have", CertainlyNotSent: false);
        }

        var error = ApiErrorReader.Read(root);
        return error.Code is { } code and not "ok"
            ? new TokenRefused(code, error.LogId, PermanentCodes.Contains(code, StringComparer.Ordinal))
            : new TokenUnavailable($"HTTP {reply.Status}: neither a token nor an error", CertainlyNotSent: false);
    }

    private static TimeSpan Lifetime(JsonElement? expiresIn)
    {
        if (LenientJson.Real(expiresIn) is not { } seconds)
        {
            return DefaultLifetime;
        }

        return seconds <= ShortestLifetime.TotalSeconds ? ShortestLifetime
            : seconds >= LongestLifetime.TotalSeconds ? LongestLifetime
            : TimeSpan.FromSeconds(seconds);
    }
}
