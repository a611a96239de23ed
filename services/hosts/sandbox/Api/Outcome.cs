using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>What an endpoint decides, before it is put into an envelope.</summary>
internal sealed record Outcome(int Status, string Code, string Message)
{
    /// <summary>What stands under <c>data</c>; members that are null are left out.</summary>
    public JsonObject Data { get; init; } = [];

    /// <summary>The envelope has no <c>data</c> at all, as some recorded errors have none.</summary>
    public bool WithoutData { get; init; }

    /// <summary>The reply is this plain text and no envelope.</summary>
    public string? Text { get; init; }

    public int? Records { get; init; }

    public bool IsOk => Code == "ok";

    public static Outcome Ok(JsonObject data, int? records = null) => new(200, "ok", "") { Data = data, Records = records };

    public static Outcome Invalid(string message) => new(400, "invalid_params", message);

    public static Outcome Of(SandboxError error, string? searchId = null) => error switch
    {
        SandboxError.TokenInvalid => new(401, "access_token_invalid", "The access token is invalid or not found in the request."),
        SandboxError.ScopeNotAuthorized => new(401, "scope_not_authorized", "The user did not authorize the scope required for completing this request."),
        SandboxError.RateLimited => new(429, "rate_limit_exceeded", "The API rate limit was exceeded. Please try again later."),
        SandboxError.DailyLimit => new(429, "daily_quota_limit_exceeded", "The API daily quota limit exceeded. Please try again later"),
        SandboxError.SearchIdInvalid => Invalid($"Search Id {searchId ?? "0"} is invalid or expired"),
        SandboxError.CursorInvalid => Invalid("Invalid count or cursor") with { WithoutData = true },
        _ => new(500, "internal_error", "Something is wrong. Please try again later."),
    };
}
