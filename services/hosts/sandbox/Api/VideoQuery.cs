using System.Globalization;
using System.Text.Json;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The body of a video query, read leniently where recordings show leniency and strictly elsewhere.</summary>
internal sealed record VideoQuery
{
    public SandboxQuery Query { get; private init; } = new();

    public DateOnly Start { get; private init; }

    public DateOnly End { get; private init; }

    public long MaxCount { get; private init; } = 20;

    public long Cursor { get; private init; }

    public string? SearchId { get; private init; }

    public bool IsRandom { get; private init; }

    /// <summary>Query and days in one text: what a <c>search_id</c> is bound to.</summary>
    public string Identity { get; private init; } = "";

    public bool CountOrCursorInvalid => MaxCount is < 1 or > 100 || Cursor < 0;

    public static VideoQuery Read(ApiRequest request) => Read(request, request.Rules.LongestWindowDays - 1);

    /// <summary>The same for a window of up to ten years, for those who ask after the truth.</summary>
    public static VideoQuery ReadForTruth(ApiRequest request) => Read(request, longestWindow: 3660);

    private static VideoQuery Read(ApiRequest request, int longestWindow)
    {
        var (root, errors) = (request.Root, request.Errors);
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new();
        }

        var read = new VideoQuery();
        JsonElement? query = null;
        DateOnly? start = null, end = null;
        foreach (var property in root.EnumerateObject())
        {
            var (name, value) = (property.Name, property.Value);
            switch (name)
            {
                case "query":
                    query = value;
                    read = read with { Query = QueryReader.Read(value, request.Rules, errors) };
                    break;
                case "start_date":
                    start = Date(property, errors);
                    break;
                case "end_date":
                    end = Date(property, errors);
                    break;
                case "max_count" or "cursor" or "search_id" or "is_random" when request.IsNull(name, value):
                    break;
                case "max_count":
                    read = read with { MaxCount = request.Integer(name, value) ?? 0 };
                    break;
                case "cursor":
                    read = read with { Cursor = request.Integer(name, value) ?? 0 };
                    break;
                case "search_id" when value.ValueKind == JsonValueKind.String:
                    read = read with { SearchId = value.GetString() is { Length: > 0 } id ? id : null };
                    break;
                case "is_random" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    read = read with { IsRandom = value.GetBoolean() };
                    break;
                case "search_id":
                    errors.Add("search_id must be a text");
                    break;
                case "is_random":
                    errors.Add("is_random must be true or false");
                    break;
                default:
                    errors.Add($"{name} is unknown");
                    break;
            }
        }

        if (query is null)
        {
            errors.Add("query is required");
        }

        CheckDays(start, end, root, errors, longestWindow);
        return read with
        {
            Start = start ?? default,
            End = end ?? default,
            Identity = string.Create(CultureInfo.InvariantCulture, $"{read.Query.Canonical()} {start:yyyyMMdd}-{end:yyyyMMdd} {read.IsRandom}"),
        };
    }

    private static void CheckDays(DateOnly? start, DateOnly? end, JsonElement root, List<string> errors, int longestWindow)
    {
        foreach (var name in (string[])["start_date", "end_date"])
        {
            if (!root.TryGetProperty(name, out _))
            {
                errors.Add($"{name} is required");
            }
        }

        if (end < start)
        {
            errors.Add("end_date is before start_date");
        }
        else if (end?.DayNumber - start?.DayNumber > longestWindow)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"end_date must be no more than {longestWindow} days after start_date"));
        }
    }

    private static DateOnly? Date(JsonProperty property, List<string> errors)
    {
        if (property.Value.ValueKind == JsonValueKind.String
            && DateOnly.TryParseExact(property.Value.GetString(), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        errors.Add($"{property.Name} must be a UTC day as YYYYMMDD");
        return null;
    }
}
