namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What TikTok's answer means, decided by <c>error.code</c> and, but for a known lie, never by the HTTP status.</summary>
public enum ApiErrorClass
{
    /// <summary>The data is what was asked for.</summary>
    Ok,

    /// <summary>Another token is needed.</summary>
    AccessTokenInvalid,

    /// <summary>This credential may not use this endpoint. Also a 401, but a new token does not help.</summary>
    ScopeNotAuthorized,

    /// <summary>See <see cref="InvalidParamsKind"/>.</summary>
    InvalidParams,

    /// <summary>Too many requests within seconds.</summary>
    RateLimit,

    /// <summary>The day is spent, until 00:00 UTC.</summary>
    DailyQuota,

    /// <summary>Trouble at TikTok's; often sticks to a range of dates.</summary>
    Internal,

    /// <summary>TikTok's own time-out.</summary>
    Timeout,

    /// <summary>There is no answer of the API in these bytes.</summary>
    Unreadable,

    /// <summary>A code that we do not know.</summary>
    Unknown,
}
