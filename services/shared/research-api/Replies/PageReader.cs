using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads the outer facts of a page from exactly the bytes that TikTok sent. It never throws, and it never loses an item because another is broken.</summary>
public static class PageReader
{
    internal const string CreateTimeKey = "create_time";

    /// <summary>The facts that may stand beside a list.</summary>
    internal static readonly string[] OuterKeys = ["has_more", "cursor", "search_id", "playlist_item_total"];

    private static readonly NameTable RootNames = new(["data", .. ApiErrorReader.Keys]);

    private static readonly int DataField = RootNames.Find("data"u8);

    /// <summary>Reads a page of videos.</summary>
    /// <param name="body">The reply's body.</param>
    /// <param name="status">The HTTP status, see the other overload.</param>
    public static PageFacts Read(ReadOnlyMemory<byte> body, int status) => Read(ResearchEndpoints.Videos, body, status);

    /// <summary>Reads a page of any endpoint.</summary>
    /// <param name="endpoint">Who answered.</param>
    /// <param name="body">The reply's body.</param>
    /// <param name="status">The HTTP status: part of a reason, and decides only where TikTok is known to say nothing else.</param>
    public static PageFacts Read(ResearchEndpoint endpoint, ReadOnlyMemory<byte> body, int status) =>
        LenientJson.Read(body.Span, (ref json, text) => Read(ref json, text, endpoint, body, status), out var unreadable)
        ?? Unreadable(status, unreadable ?? "not JSON");

    /// <summary>Reads an answer that is one object.</summary>
    public static Answer<T> ReadAnswer<T>(ResearchEndpoint endpoint, ReadOnlyMemory<byte> body, int status)
        where T : class, IResearchItem<T>
    {
        var facts = Read(endpoint, body, status);
        return !facts.Error.IsOk ? new() { Error = facts.Error }
            : facts.Data.Length > 0 && ItemReader.TryRead<T>(facts.Data, out var item, out _) ? new() { Error = facts.Error, Item = item }
            : new() { Error = ApiError.Unreadable($"HTTP {status}: success without what was asked for") with { Code = facts.Error.Code, LogId = facts.Error.LogId } };
    }

    private static PageFacts Read(ref Utf8JsonReader json, ReadOnlySpan<byte> text, ResearchEndpoint endpoint, ReadOnlyMemory<byte> body, int status)
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            json.Skip();
            return Unreadable(status, "not an object");
        }

        var root = new LenientFields(text, RootNames);
        PageFacts? data = null;
        while (root.Step(ref json, out var field))
        {
            if (field == DataField)
            {
                data = json.TokenType is JsonTokenType.StartObject ? ReadData(ref json, text, endpoint, body) : null;
            }

            root.Keep(ref json, field);
        }

        var error = ApiErrorReader.Read(ref root);
        if (error.InvalidParams is InvalidParamsKind.LikesHidden && !endpoint.MayBeHidden)
        {
            // The same words, of a user rather than of a list.
            error = error with { InvalidParams = InvalidParamsKind.UserNotReturned };
        }

        var isGood = endpoint.ItemKeys.Count > 0 ? data?.Items.Count > 0 : data?.Data.Length > 0;
        if (endpoint.MayBeHidden && status is 403 && !isGood)
        {
            error = error.AsHidden();
        }
        else if (endpoint.FailsFalsely && status is 500 && isGood && !error.HasMessage)
        {
            error = error.AsOk();
        }
        else if (error.Code is null && !(data?.Data.Length > 0) && (status is not 200 || root["data"u8].IsAbsent))
        {
            // Success without a code only when there is data to show for it.
            error = ApiError.Unreadable($"HTTP {status}: neither data nor an error code") with { LogId = error.LogId };
        }

        if (error.IsOk && (data is null && !root["data"u8].IsAbsent ? "data is not an object" : data?.Error.Reason) is { } why)
        {
            error = ApiError.Unreadable($"HTTP {status}: {why}");
        }

        return error.Class is ApiErrorClass.Unreadable ? new() { Error = error } : (data ?? new() { Error = error }) with { Error = error };
    }

    /// <summary>Reads the data that the reader has just entered. The error of what it gives says only whether a list is none.</summary>
    private static PageFacts ReadData(ref Utf8JsonReader json, ReadOnlySpan<byte> text, ResearchEndpoint endpoint, ReadOnlyMemory<byte> body)
    {
        var start = (int)json.TokenStartIndex;
        var data = new LenientFields(text, endpoint.DataNames);
        List<PageItem> items = [];
        var error = ApiError.Ok;
        while (data.Step(ref json, out var field))
        {
            if (field >= OuterKeys.Length && json.TokenType is JsonTokenType.StartArray)
            {
                // The list may stand there under two names: an empty one does not replace a full one.
                var found = ReadItems(ref json, text, endpoint, body);
                items = found.Count > 0 ? found : items;
                error = found.Count > LenientJson.LongestList ? ApiError.Unreadable($"more than {LenientJson.LongestList} items") : error;
            }
            else if (field >= OuterKeys.Length && json.TokenType is not JsonTokenType.Null)
            {
                error = ApiError.Unreadable($"{endpoint.ItemKeys[field - OuterKeys.Length]} is not a list");
            }

            data.Keep(ref json, field);
        }

        return new()
        {
            Error = error,
            HasMore = data["has_more"u8].Truth() ?? MayHaveMore(items.Count, data["playlist_item_total"u8].Count()),
            Cursor = data["cursor"u8].Whole(),
            SearchId = data["search_id"u8].Id(),
            Items = items,
            Data = data.HasAny ? body.Slice(body.Length - text.Length + start, (int)json.BytesConsumed - start) : ReadOnlyMemory<byte>.Empty,
        };
    }

    /// <summary>A page with items that does not say whether it is the last: one request more tells, and stopping here could lose the rest.</summary>
    private static bool MayHaveMore(int items, long? total) => items > 0 && !(items >= total);

    private static List<PageItem> ReadItems(ref Utf8JsonReader json, ReadOnlySpan<byte> text, ResearchEndpoint endpoint, ReadOnlyMemory<byte> body)
    {
        var items = new List<PageItem>(endpoint.LargestPage);
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            var start = (int)json.TokenStartIndex;
            var fields = new LenientFields(text, endpoint.ItemNames);
            if (json.TokenType is JsonTokenType.StartObject)
            {
                fields.Scan(ref json);
            }
            else
            {
                json.Skip();
            }

            if (items.Count > LenientJson.LongestList)
            {
                continue;
            }

            var length = (int)json.BytesConsumed - start;
            var offset = body.Length - text.Length + start;
            items.Add(new()
            {
                Index = items.Count,
                Offset = offset,
                Bytes = body.Slice(offset, length),
                Id = endpoint.IdKeys.Count == 0 ? new LenientValue(text.Slice(start, length)).Id() : IdOf(ref fields, endpoint),
                CreateTime = fields["create_time"u8].Time(),
            });
        }

        return items;
    }

    private static string? IdOf(ref LenientFields fields, ResearchEndpoint endpoint)
    {
        // The names of the table are the time and then the keys of the id, the usual one first.
        for (var key = 1; key <= endpoint.IdKeys.Count; key++)
        {
            var value = fields[key];
            if ((endpoint.IsFollow ? value.Text() : value.Id()) is { } id)
            {
                return id;
            }
        }

        return null;
    }

    private static PageFacts Unreadable(int status, string reason) => new() { Error = ApiError.Unreadable($"HTTP {status}: {reason}") };
}
