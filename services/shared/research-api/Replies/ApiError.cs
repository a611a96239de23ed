namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What TikTok's answer means, decided by <c>error.code</c> and never by the HTTP status.</summary>
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

/// <summary>Which of the many meanings of <c>invalid_params</c> this is.</summary>
public enum InvalidParamsKind
{
    /// <summary>"Search Id … is invalid or expired". On a later page mostly too early: wait and repeat.</summary>
    SearchIdInvalid,

    /// <summary>"Invalid count or cursor". On a later page the same as <see cref="SearchIdInvalid"/>.</summary>
    InvalidCountOrCursor,

    /// <summary>There is no such user.</summary>
    UserNotFound,

    /// <summary>There is one, but private, a minor or in a place that TikTok leaves out.</summary>
    UserNotReturned,

    /// <summary>The request itself.</summary>
    Other,
}

/// <summary>TikTok's verdict on a request. Its message is used to classify and then dropped: it may hold a name.</summary>
public sealed record ApiError
{
    public required ApiErrorClass Class { get; init; }

    /// <summary>Set when the class is <see cref="ApiErrorClass.InvalidParams"/>.</summary>
    public InvalidParamsKind? InvalidParams { get; init; }

    /// <summary>TikTok's code, e.g. <c>internal_error</c>; null when it gave none, "unprintable" when it is not the shape of a code.</summary>
    public string? Code { get; init; }

    /// <summary>What TikTok's support asks for.</summary>
    public string? LogId { get; init; }

    /// <summary>Why nothing could be read; set when the class is <see cref="ApiErrorClass.Unreadable"/>.</summary>
    public string? Reason { get; init; }

    public bool IsOk => Class is ApiErrorClass.Ok;

    internal static ApiError Unreadable(string reason) => new() { Class = ApiErrorClass.Unreadable, Reason = reason };
}
