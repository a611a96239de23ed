namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Finds the error in an answer: inside the envelope, or flat as the OAuth endpoint writes it.</summary>
internal static class ApiErrorReader
{
    /// <summary>The fields of an answer that may hold its error.</summary>
    public static readonly string[] Keys = ["error", "code", "message", "log_id"];

    private static readonly NameTable Names = new(Keys);

    /// <param name="root">The answer's own fields, at least those of <see cref="Keys"/>.</param>
    public static ApiError Read(ref LenientFields root) =>
        root["error"u8] is { IsObject: true } envelope ? Of(envelope.Fields(Names), "code"u8)
        : root["error"u8].IsText ? Of(root, "error"u8)
        : Of(root, "code"u8);

    private static ApiError Of(LenientFields holder, ReadOnlySpan<byte> codeKey)
    {
        var code = Word(holder[codeKey].Text());
        var message = holder["message"u8].Text() ?? "";
        var logId = holder["log_id"u8].Text();
        var (kind, invalid) = Classify(code, message);
        return new()
        {
            Class = kind,
            InvalidParams = invalid,
            Code = code,
            LogId = logId is { Length: > 0 and <= 64 } && logId.All(char.IsAsciiLetterOrDigit) ? logId : null,
            HasMessage = message.Length > 0,
        };
    }

    private static (ApiErrorClass Class, InvalidParamsKind? Kind) Classify(string? code, string message) => code switch
    {
        null or "ok" => (ApiErrorClass.Ok, null),
        "access_token_invalid" or "invalid_token" => (ApiErrorClass.AccessTokenInvalid, null),
        "scope_not_authorized" or "scope_permission_missed" => (ApiErrorClass.ScopeNotAuthorized, null),
        "rate_limit_exceeded" => (ApiErrorClass.RateLimit, null),
        "daily_quota_limit_exceeded" => (ApiErrorClass.DailyQuota, null),
        "internal_error" or "server_error" => (ApiErrorClass.Internal, null),
        "timeout" => (ApiErrorClass.Timeout, null),
        // Server trouble has been met under this code too.
        "invalid_params" or "invalid_param" or "invalid_request" when IsTrouble(message) => (ApiErrorClass.Internal, null),
        "invalid_params" or "invalid_param" or "invalid_request" => (ApiErrorClass.InvalidParams, Refine(message)),
        "invalid_file_upload" => (ApiErrorClass.InvalidParams, InvalidParamsKind.Other),
        _ => (ApiErrorClass.Unknown, null),
    };

    private static bool IsTrouble(string message) =>
        Says(message, "something is wrong") || Says(message, "something went wrong") || Says(message, "server internal error");

    private static InvalidParamsKind Refine(string message)
    {
        if (message.TrimStart().StartsWith("search id", StringComparison.OrdinalIgnoreCase)
            || Says(message, "search id") && Says(message, "invalid or expired"))
        {
            return InvalidParamsKind.SearchIdInvalid;
        }

        return Says(message, "invalid count or cursor") ? InvalidParamsKind.InvalidCountOrCursor
            : Says(message, "cannot find the user") ? InvalidParamsKind.UserNotFound
            : Says(message, "cannot return this user") || Says(message, "is private") ? InvalidParamsKind.UserNotReturned
            : Says(message, "information cannot be returned") ? InvalidParamsKind.LikesHidden
            : Says(message, "not allowed to be disclosed") ? InvalidParamsKind.CommentsHidden
            : InvalidParamsKind.Other;
    }

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>A code is one short word. Anything else could carry text into logs.</summary>
    private static string? Word(string? code) => code switch
    {
        null or "" => null,
        { Length: <= 64 } when code.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '.' or '-') => code,
        _ => "unprintable",
    };
}
