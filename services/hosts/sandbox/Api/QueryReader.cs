using System.Globalization;
using System.Text.Json;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Reads the and/or/not query strictly and names every fault, not only the first.</summary>
internal static class QueryReader
{
    private static readonly string[] Operations = ["EQ", "IN", "GT", "GTE", "LT", "LTE"];

    private static readonly Dictionary<string, bool> OrderedByField = new(StringComparer.Ordinal)
    {
        ["create_date"] = true,
        ["username"] = false,
        ["region_code"] = false,
        ["video_id"] = false,
        ["hashtag_name"] = false,
        ["keyword"] = false,
        ["music_id"] = false,
        ["effect_id"] = false,
        ["video_length"] = false,
        ["view_count"] = true,
        ["comment_count"] = true,
    };

    public static SandboxQuery Read(JsonElement element, SandboxRules rules, List<string> errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add("query must be an object with and, or, not");
            return new();
        }

        var query = new SandboxQuery();
        foreach (var property in element.EnumerateObject())
        {
            query = property.Name switch
            {
                "and" => query with { And = Conditions(property, rules, errors) },
                "or" => query with { Or = Conditions(property, rules, errors) },
                "not" => query with { Not = Conditions(property, rules, errors) },
                _ => Unknown(query, property.Name, errors),
            };
        }

        if (errors.Count == 0 && query.And.Count + query.Or.Count + query.Not.Count == 0)
        {
            errors.Add("query needs at least one condition in and, or, not");
        }

        return query;
    }

    private static SandboxQuery Unknown(SandboxQuery query, string name, List<string> errors)
    {
        errors.Add($"query.{name} is unknown; allowed are and, or, not");
        return query;
    }

    private static List<SandboxCondition> Conditions(JsonProperty list, SandboxRules rules, List<string> errors)
    {
        var conditions = new List<SandboxCondition>();
        // Other clients send null or an empty list for what they do not use.
        if (list.Value.ValueKind == JsonValueKind.Null || (list.Value.ValueKind == JsonValueKind.Array && list.Value.GetArrayLength() == 0))
        {
            if (!rules.LenientReading)
            {
                errors.Add($"query.{list.Name} is empty; leave it out");
            }

            return conditions;
        }

        if (list.Value.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"query.{list.Name} must be a list of conditions");
            return conditions;
        }

        foreach (var item in list.Value.EnumerateArray())
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"query.{list.Name}[{conditions.Count}]");
            conditions.Add(Condition(item, where, rules, errors));
        }

        return conditions;
    }

    private static SandboxCondition Condition(JsonElement item, string where, SandboxRules rules, List<string> errors)
    {
        string? operation = null, field = null;
        List<string> values = [];
        if (item.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{where} must be an object");
            return new("", "", values);
        }

        foreach (var property in item.EnumerateObject())
        {
            switch (property.Name)
            {
                case "operation":
                    operation = Text(property.Value);
                    break;
                case "field_name":
                    field = Text(property.Value);
                    break;
                case "field_values":
                    values = Values(property.Value, where, errors);
                    break;
                default:
                    errors.Add($"{where}.{property.Name} is unknown");
                    break;
            }
        }

        var condition = new SandboxCondition(operation ?? "", field ?? "", values);
        Check(condition, where, rules, errors);
        return condition;
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<string> Values(JsonElement list, string where, List<string> errors)
    {
        var values = new List<string>();
        if (list.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"{where}.field_values must be a list");
            return values;
        }

        foreach (var value in list.EnumerateArray())
        {
            if (Text(value) is { Length: > 0 } text)
            {
                values.Add(text);
            }
            else
            {
                errors.Add($"{where}.field_values must be texts that are not empty");
            }
        }

        return values;
    }

    private static void Check(SandboxCondition condition, string where, SandboxRules rules, List<string> errors)
    {
        var operationKnown = Operations.Contains(condition.Operation, StringComparer.Ordinal);
        if (!operationKnown)
        {
            errors.Add($"{where}.operation '{condition.Operation}' is not supported");
        }

        if (!OrderedByField.TryGetValue(condition.FieldName, out var ordered))
        {
            errors.Add($"{where}.field_name '{condition.FieldName}' is not supported");
            return;
        }

        var byEquality = condition.Operation is "EQ" or "IN";
        if (operationKnown && ordered && byEquality && !rules.UnverifiedOperations)
        {
            errors.Add($"{where}: {condition.FieldName} supports GT, GTE, LT and LTE, not {condition.Operation}");
        }

        if (operationKnown && !ordered && !byEquality)
        {
            errors.Add($"{where}: {condition.FieldName} supports EQ and IN, not {condition.Operation}");
        }

        if (condition.FieldValues.Count == 0)
        {
            errors.Add($"{where}.field_values is empty");
        }
        else if (operationKnown && condition.Operation != "IN" && condition.FieldValues.Count > 1)
        {
            errors.Add($"{where}: {condition.Operation} takes exactly one value");
        }

        if (condition.FieldValues.Count > rules.MostValues)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{where}.field_values has more than {rules.MostValues} values"));
        }

        foreach (var value in condition.FieldValues.Where(value => !IsValid(condition.FieldName, value)))
        {
            errors.Add($"{where}: '{value}' is not a valid {condition.FieldName}");
        }
    }

    private static bool IsValid(string field, string value) => field switch
    {
        "create_date" => DateOnly.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "region_code" => RegionCodes.Contains(value),
        "video_length" => value is "SHORT" or "MID" or "LONG" or "EXTRA_LONG",
        "video_id" or "music_id" or "effect_id" => value.All(char.IsAsciiDigit),
        "view_count" or "comment_count" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        _ => true,
    };
}
