using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The envelope <c>{data, error}</c> round every reply of the research endpoints.</summary>
internal sealed class Envelope(SeededRandom random, SandboxClock clock)
{
    private static readonly string[] Hosts = ["D84CCEA6DE", "5A7F0E19C4", "E1B2066F38"];

    /// <summary>UTC second and 20 hex digits, of which the last ones name a host and come again.</summary>
    public string NextLogId() =>
        $"{clock.GetUtcNow().UtcDateTime:yyyyMMddHHmmss}{random.NextUInt64() & 0xFFFFFFFFFF:X10}{random.Pick(Hosts)}";

    public Answer Ok(JsonNode data, int? records = null)
    {
        var logId = NextLogId();
        return new(200, Write(data, "ok", "", logId)) { ErrorCode = "ok", LogId = logId, Records = records };
    }

    public Answer Error(SandboxError error, string? searchId = null) => error switch
    {
        SandboxError.TokenInvalid => Error(401, "access_token_invalid", "The access token is invalid or not found in the request."),
        SandboxError.ScopeNotAuthorized => Error(401, "scope_not_authorized", "The user did not authorize the scope required for completing this request."),
        SandboxError.RateLimited => Error(429, "rate_limit_exceeded", "The API rate limit was exceeded. Please try again later."),
        SandboxError.DailyLimit => Error(429, "daily_quota_limit_exceeded", "The API daily quota limit exceeded. Please try again later"),
        SandboxError.SearchIdInvalid => Error(400, "invalid_params", $"Search Id {searchId ?? "0"} is invalid or expired"),
        SandboxError.CursorInvalid => Error(400, "invalid_params", "Invalid count or cursor", withData: false),
        _ => Error(500, "internal_error", "Something is wrong. Please try again later."),
    };

    public Answer InvalidParams(string message) => Error(400, "invalid_params", message);

    public Answer Error(int status, string code, string message, bool withData = true)
    {
        var logId = NextLogId();
        return new(status, Write(withData ? new JsonObject() : null, code, message, logId)) { ErrorCode = code, LogId = logId };
    }

    private byte[] Write(JsonNode? data, string code, string message, string logId)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message, ["log_id"] = logId };
        return JsonBody.Write(JsonBody.Shuffled(random, [new("data", data), new("error", error)]));
    }
}
