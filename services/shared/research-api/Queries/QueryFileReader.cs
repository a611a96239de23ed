using System.Text;
using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// Reads a query file strictly: what is not the API's query is named with its path, all at once, and nothing is guessed.
/// A body that brings a cursor or search_id is refused, because the pages are walked from the first.
/// </summary>
public static class QueryFileReader
{
    /// <summary>Largest file, in bytes of UTF-8.</summary>
    public const int LargestFile = 1024 * 1024;

    private const string BodyKeys = "query, start_date, end_date and max_count";

    public static QueryFileReading Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    public static QueryFileReading Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > LargestFile)
        {
            return Refused("file", $"is larger than {LargestFile} bytes");
        }

        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            using var document = JsonDocument.Parse(utf8);
            return new Reading().Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            return Refused($"line {broken.LineNumber + 1}, position {broken.BytePositionInLine + 1}", "here the file stops being JSON");
        }
        catch (InvalidOperationException)
        {
            return Refused("file", "holds text that is not valid Unicode");
        }
    }

    private static QueryFileReading Refused(string path, string message) => new() { Violations = [new(path, message)] };

    private sealed class Reading
    {
        private readonly List<Violation> found = [];

        public QueryFileReading Read(JsonElement root)
        {
            if (root.ValueKind is not JsonValueKind.Object)
            {
                return Refused("file", "must be the API's query object, or a request body with the key query");
            }

            var file = root.TryGetProperty("query", out _) || !HasList(root) && root.EnumerateObject().Any(property => IsBodyKey(property.Name))
                ? ReadBody(root)
                : new QueryFile { Query = ReadQuery(root, "query") };
            return found.Count == 0 ? new() { File = file } : new() { Violations = found };
        }

        private static bool HasList(JsonElement root) =>
            root.TryGetProperty("and", out _) || root.TryGetProperty("or", out _) || root.TryGetProperty("not", out _);

        private static bool IsBodyKey(string name) => name is "start_date" or "end_date" or "max_count" or "cursor" or "search_id" or "is_random";

        private QueryFile ReadBody(JsonElement root)
        {
            VideoQuery? query = null;
            DateOnly? start = null, end = null;
            int? maxCount = null;
            foreach (var (name, value) in Properties(root, ""))
            {
                switch (name)
                {
                    case "query": query = ReadQuery(value, "query"); break;
                    case "start_date": start = ReadDate(value, name); break;
                    case "end_date": end = ReadDate(value, name); break;
                    case "max_count": maxCount = ReadMaxCount(value); break;
                    case "cursor" or "search_id": Add(name, "must not be in the file: pages are walked from the first one"); break;
                    case "is_random" when value.ValueKind is JsonValueKind.False: break;
                    case "is_random": Add(name, "must not be in the file: sampling is an option of its own"); break;
                    default: Unknown(name, BodyKeys); break;
                }
            }

            if (query is null)
            {
                Add("query", "is missing");
            }

            if (start > end)
            {
                Add("end_date", "lies before start_date");
            }

            return new() { Query = query ?? new(), StartDate = start, EndDate = end, MaxCount = maxCount };
        }

        private VideoQuery ReadQuery(JsonElement element, string path)
        {
            var before = found.Count;
            IReadOnlyList<Condition> and = [], or = [], not = [];
            if (element.ValueKind is not JsonValueKind.Object)
            {
                Add(path, "must be an object with the lists and, or, not");
                return new();
            }

            foreach (var (name, value) in Properties(element, path))
            {
                switch (name)
                {
                    case "and": and = ReadList(value, $"{path}.and"); break;
                    case "or": or = ReadList(value, $"{path}.or"); break;
                    case "not": not = ReadList(value, $"{path}.not"); break;
                    default: Unknown($"{path}.{name}", "and, or and not"); break;
                }
            }

            if (found.Count == before && and.Count + or.Count + not.Count == 0)
            {
                Add(path, "needs at least one condition in and, or, or not");
            }

            return new() { And = and, Or = or, Not = not };
        }

        private List<Condition> ReadList(JsonElement element, string path)
        {
            var conditions = new List<Condition>();
            if (element.ValueKind is not JsonValueKind.Array)
            {
                Add(path, "must be a list of conditions");
                return conditions;
            }

            var i = 0;
            foreach (var item in element.EnumerateArray())
            {
                if (ReadCondition(item, $"{path}[{i++}]") is { } condition)
                {
                    conditions.Add(condition);
                }
            }

            return conditions;
        }

        private Condition? ReadCondition(JsonElement element, string path)
        {
            var before = found.Count;
            if (element.ValueKind is not JsonValueKind.Object)
            {
                Add(path, "must be an object with operation, field_name and field_values");
                return null;
            }

            ConditionOperation? operation = null;
            ConditionField? field = null;
            List<string>? values = null;
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, value) in Properties(element, path))
            {
                seen.Add(name);
                switch (name)
                {
                    case "operation": operation = ReadOperation(value, $"{path}.operation"); break;
                    case "field_name": field = ReadField(value, $"{path}.field_name"); break;
                    case "field_values": values = ReadValues(value, $"{path}.field_values"); break;
                    default: Unknown($"{path}.{name}", "operation, field_name and field_values"); break;
                }
            }

            foreach (var key in (string[])["operation", "field_name", "field_values"])
            {
                if (!seen.Contains(key))
                {
                    Add($"{path}.{key}", "is missing");
                }
            }

            if (operation is not { } known || field is not { } on || values is null)
            {
                return null;
            }

            var condition = new Condition(on, known, values);
            VideoQueryValidator.Check(condition, path, found);
            return found.Count == before ? condition : null;
        }

        private ConditionOperation? ReadOperation(JsonElement value, string path)
        {
            if (value.ValueKind is JsonValueKind.String && ConditionOperations.TryParse(value.GetString(), out var operation))
            {
                return operation;
            }

            Add(path, $"must be one of {string.Join(", ", ConditionOperations.Names)}, in capitals");
            return null;
        }

        private ConditionField? ReadField(JsonElement value, string path)
        {
            var name = value.ValueKind is JsonValueKind.String ? value.GetString() : null;
            if (ConditionFields.TryParse(name, out var field))
            {
                return field;
            }

            Add(path, name is "id" ? "the API calls it video_id" : $"must be one of {string.Join(", ", ConditionFields.Names)}");
            return null;
        }

        private List<string>? ReadValues(JsonElement element, string path)
        {
            if (element.ValueKind is not JsonValueKind.Array)
            {
                Add(path, "must be a list of texts");
                return null;
            }

            var values = new List<string>();
            var complete = true;
            foreach (var value in element.EnumerateArray())
            {
                if (value.ValueKind is JsonValueKind.String)
                {
                    values.Add(value.GetString()!);
                    continue;
                }

                Add($"{path}[{values.Count}]", "must be text: numbers and dates stand in quotes too");
                values.Add("");
                complete = false;
            }

            return complete ? values : null;
        }

        private DateOnly? ReadDate(JsonElement value, string path)
        {
            if (value.ValueKind is not JsonValueKind.String || !ApiDate.TryParse(value.GetString(), out var date))
            {
                Add(path, "must be text like \"20260131\"");
                return null;
            }

            if (date < ApiDate.Earliest)
            {
                Add(path, $"must not be before {ApiDate.Format(ApiDate.Earliest)}");
                return null;
            }

            return date;
        }

        private int? ReadMaxCount(JsonElement value)
        {
            if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var count) && count is >= 1 and <= VideoQueryRequest.LargestPage)
            {
                return count;
            }

            Add("max_count", $"must be a number from 1 to {VideoQueryRequest.LargestPage}");
            return null;
        }

        private List<(string Name, JsonElement Value)> Properties(JsonElement element, string path)
        {
            var list = new List<(string, JsonElement)>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in element.EnumerateObject())
            {
                var name = property.Name;
                if (seen.Add(name))
                {
                    list.Add((name, property.Value));
                }
                else
                {
                    Add(path.Length == 0 ? Shown(name) : $"{path}.{Shown(name)}", "stands here twice");
                }
            }

            return list;
        }

        private void Unknown(string path, string allowed) => Add(Shown(path), $"is not a key of the API here; allowed are {allowed}");

        private void Add(string path, string message) => found.Add(new(path, message));

        private static string Shown(string text) => InputText.Shown(text, 120);
    }
}
