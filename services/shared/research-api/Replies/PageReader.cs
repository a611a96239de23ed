using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads the outer facts of a page from exactly the bytes that TikTok sent. It never throws, and it never loses an item because another is broken.</summary>
public static class PageReader
{
    /// <summary>Reads a page of videos.</summary>
    /// <param name="body">The reply's body.</param>
    /// <param name="status">The HTTP status: only ever part of a reason, never of the decision.</param>
    public static PageFacts Read(ReadOnlyMemory<byte> body, int status)
    {
        using var document = LenientJson.Parse(body, out var unreadable);
        if (document is null)
        {
            return Unreadable(status, unreadable ?? "not JSON");
        }

        var root = document.Root;
        var data = LenientJson.Get(root, "data");
        var error = ReadError(root, data, status);
        if (data is not { ValueKind: JsonValueKind.Object } page)
        {
            return error.IsOk && data is not null ? Unreadable(status, "data is not an object") : new() { Error = error };
        }

        var videos = LenientJson.Get(page, "videos");
        if (error.IsOk && videos is { ValueKind: not JsonValueKind.Array })
        {
            error = ApiError.Unreadable($"HTTP {status}: videos is not a list");
        }

        var items = videos is { ValueKind: JsonValueKind.Array } list ? ReadItems(document, list, body) : [];
        return new()
        {
            Error = error,

            // A page with videos that does not say whether it is the last: one request more tells, and stopping here could lose the rest.
            HasMore = LenientJson.Truth(LenientJson.Get(page, "has_more")) ?? items.Length > 0,
            Cursor = LenientJson.Whole(LenientJson.Get(page, "cursor")),
            SearchId = LenientJson.Id(LenientJson.Get(page, "search_id")),
            Items = items,
        };
    }

    /// <summary>Reads the answer of <c>user/info</c>.</summary>
    public static UserInfoReply ReadUserInfo(ReadOnlyMemory<byte> body, int status)
    {
        using var document = LenientJson.Parse(body, out var unreadable);
        if (document is null)
        {
            return new() { Error = Unreadable(status, unreadable ?? "not JSON").Error };
        }

        var data = LenientJson.Get(document.Root, "data");
        var error = ReadError(document.Root, data, status);
        var user = data is { ValueKind: JsonValueKind.Object } profile && profile.EnumerateObject().Any() ? UserInfoItem.From(profile) : null;
        return error.IsOk && user is null
            ? new() { Error = ApiError.Unreadable($"HTTP {status}: success without a profile") with { Code = error.Code, LogId = error.LogId } }
            : new() { Error = error, User = error.IsOk ? user : null };
    }

    private static ApiError ReadError(JsonElement root, JsonElement? data, int status)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            return ApiError.Unreadable($"HTTP {status}: not an object");
        }

        var error = ApiErrorReader.Read(root);
        if (error.Code is not null)
        {
            return error;
        }

        // No code: success only when there is data to show for it. TikTok has sent good data with status 500 and without a code.
        var hasData = data is { ValueKind: JsonValueKind.Object } page && page.EnumerateObject().Any();
        return hasData || status is 200 && data is not null
            ? error
            : ApiError.Unreadable($"HTTP {status}: neither data nor an error code") with { LogId = error.LogId };
    }

    private static PageItem[] ReadItems(LenientDocument document, JsonElement list, ReadOnlyMemory<byte> body)
    {
        var items = new PageItem[list.GetArrayLength()];
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            var (offset, length) = document.PlaceOf(item);
            items[i] = new()
            {
                Index = i++,
                Offset = offset,
                Bytes = body.Slice(offset, length),
                Id = VideoItemReader.ReadId(item),
                CreateTime = LenientJson.Time(LenientJson.Get(item, "create_time")),
            };
        }

        return items;
    }

    private static PageFacts Unreadable(int status, string reason) => new() { Error = ApiError.Unreadable($"HTTP {status}: {reason}") };
}
