namespace IssueObservatory.Mesh.Sandbox;

/// <summary>Errors of the API with their documented or recorded status, code and message.</summary>
public enum SandboxError
{
    /// <summary>401 <c>access_token_invalid</c></summary>
    TokenInvalid,

    /// <summary>401 <c>scope_not_authorized</c></summary>
    ScopeNotAuthorized,

    /// <summary>429 <c>rate_limit_exceeded</c>: seconds.</summary>
    RateLimited,

    /// <summary>429 <c>daily_quota_limit_exceeded</c>: until 00:00 UTC.</summary>
    DailyLimit,

    /// <summary>500 <c>internal_error</c></summary>
    ServerError,

    /// <summary>400 <c>invalid_params</c>, "Search Id … is invalid or expired".</summary>
    SearchIdInvalid,

    /// <summary>400 <c>invalid_params</c>, "Invalid count or cursor", without a <c>data</c> key.</summary>
    CursorInvalid,
}
