namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The <c>fields</c> parameter of the query string.</summary>
internal static class FieldList
{
    public static IReadOnlyList<string> Read(string? parameter, IReadOnlyList<string> allowed, List<string> errors)
    {
        // The documentation puts blanks behind the commas in places.
        string[] fields = [.. (parameter ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        if (fields.Length == 0)
        {
            errors.Add("fields is required in the query string");
        }

        var unknown = fields.Except(allowed, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            errors.Add("fields has unknown fields: " + string.Join(", ", unknown));
        }

        return fields;
    }
}
