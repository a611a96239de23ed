namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>How a condition compares. Every operation but <see cref="In"/> takes exactly one value.</summary>
public enum ConditionOperation
{
    Eq,
    In,
    Gt,
    Gte,
    Lt,
    Lte,
}

/// <summary>TikTok's own names of <see cref="ConditionOperation"/>.</summary>
public static class ConditionOperations
{
    /// <summary>The six names, in the enum's order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["EQ", "IN", "GT", "GTE", "LT", "LTE"];

    /// <summary>The name on the wire, e.g. <c>GTE</c>.</summary>
    public static string ApiName(this ConditionOperation operation) =>
        Enum.IsDefined(operation) ? Names[(int)operation] : $"unknown operation {(int)operation}";

    /// <summary>Finds the operation that TikTok calls <paramref name="name"/> (upper case only, as the API).</summary>
    public static bool TryParse(string? name, out ConditionOperation operation)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.Ordinal))
            {
                operation = (ConditionOperation)i;
                return true;
            }
        }

        operation = default;
        return false;
    }

    /// <summary>True for GT, GTE, LT and LTE.</summary>
    public static bool IsOrdering(this ConditionOperation operation) =>
        operation is ConditionOperation.Gt or ConditionOperation.Gte or ConditionOperation.Lt or ConditionOperation.Lte;
}
