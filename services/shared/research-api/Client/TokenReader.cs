using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads the token endpoint's answer by its body alone: the status of OAuth errors is not documented and differs.</summary>
public static class TokenReader
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(2);

    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    private static readonly NameTable Names = new(["data", "access_token", "expires_in", "token_type", .. ApiErrorReader.Keys]);

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

        return LenientJson.Read(reply.Body.Span, (ref json, text) => Read(ref json, text, reply.Status), out var unreadable)
            ?? new TokenUnavailable($"HTTP {reply.Status}: {unreadable ?? "not an object"}", CertainlyNotSent: false);
    }

    private static TokenResult Read(ref Utf8JsonReader json, ReadOnlySpan<byte> text, int? status)
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            json.Skip();
            return new TokenUnavailable($"HTTP {status}: not an object", CertainlyNotSent: false);
        }

        var root = new LenientFields(text, Names);
        root.Scan(ref json);

        // Documented bare; TikTok's other endpoints wrap their answers in data, so that is read too.
        var data = root["data"u8].Fields(Names);
        var holder = data["access_token"u8].IsAbsent ? root : data;
        if (holder["access_token"u8].Text() is { Length: > 0 } token)
        {
            return ResearchApiClient.IsToken(token)
                ? new TokenGranted(token, Lifetime(holder["expires_in"u8]), holder["token_type"u8].Text() ?? "Bearer")
                : new TokenUnavailable("the token holds characters that no header may have", CertainlyNotSent: false);
        }

        var error = ApiErrorReader.Read(ref root);
        return error.Code is { } code and not "ok"
            ? new TokenRefused(code, error.LogId, PermanentCodes.Contains(code, StringComparer.Ordinal))
            : new TokenUnavailable($"HTTP {status}: neither a token nor an error", CertainlyNotSent: false);
    }

    private static TimeSpan Lifetime(LenientValue expiresIn)
    {
        if (expiresIn.Real() is not { } seconds)
        {
            return DefaultLifetime;
        }

        return seconds <= ShortestLifetime.TotalSeconds ? ShortestLifetime
            : seconds >= LongestLifetime.TotalSeconds ? LongestLifetime
            : TimeSpan.FromSeconds(seconds);
    }
}
