namespace IssueObservatory.Mesh.ResearchApi;

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

    /// <summary>What to do about it.</summary>
    public ApiReaction Reaction => Class switch
    {
        ApiErrorClass.Ok => ApiReaction.TakeData,
        ApiErrorClass.AccessTokenInvalid => ApiReaction.RenewToken,
        ApiErrorClass.ScopeNotAuthorized => ApiReaction.StopEndpoint,
        ApiErrorClass.RateLimit => ApiReaction.BackOff,
        ApiErrorClass.DailyQuota => ApiReaction.WaitForMidnight,
        ApiErrorClass.InvalidParams => InvalidParams switch
        {
            InvalidParamsKind.SearchIdInvalid or InvalidParamsKind.InvalidCountOrCursor => ApiReaction.Repeat,
            InvalidParamsKind.UserNotFound or InvalidParamsKind.UserNotReturned or InvalidParamsKind.LikesHidden or InvalidParamsKind.CommentsHidden => ApiReaction.AcceptRefusal,
            _ => ApiReaction.GiveUp,
        },
        _ => ApiReaction.Repeat,
    };

    internal static ApiError Ok { get; } = new() { Class = ApiErrorClass.Ok };

    /// <summary>Whether TikTok explained itself. An error without a word, beside good data, is none.</summary>
    internal bool HasMessage { get; init; }

    internal static ApiError Unreadable(string reason) => new() { Class = ApiErrorClass.Unreadable, Reason = reason };

    /// <summary>What a 403 says where lists may be hidden, unless its code says something that we know.</summary>
    internal ApiError AsHidden() => Class is ApiErrorClass.Ok or ApiErrorClass.Unknown || InvalidParams is InvalidParamsKind.Other
        ? this with { Class = ApiErrorClass.InvalidParams, InvalidParams = InvalidParamsKind.LikesHidden }
        : this;

    internal ApiError AsOk() => Class is ApiErrorClass.Internal or ApiErrorClass.Unknown or ApiErrorClass.Timeout ? this with { Class = ApiErrorClass.Ok } : this;
}
