namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One condition of a video query: a field, an operation and its values (always text on the wire, numbers and dates too).</summary>
public sealed record Condition(ConditionField Field, ConditionOperation Operation, IReadOnlyList<string> Values)
{
    /// <summary>The field has this value.</summary>
    public static Condition Eq(ConditionField field, string value) => new(field, ConditionOperation.Eq, [value]);

    /// <summary>The field has one of these values.</summary>
    public static Condition In(ConditionField field, params IEnumerable<string> values) => new(field, ConditionOperation.In, [.. values]);

    /// <summary>The field has this value, or one of these: EQ takes exactly one.</summary>
    public static Condition OneOf(ConditionField field, IReadOnlyList<string> values) => values.Count == 1 ? Eq(field, values[0]) : In(field, values);

    public bool Equals(Condition? other) =>
        other is not null && Field == other.Field && Operation == other.Operation && Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Field);
        hash.Add(Operation);
        foreach (var value in Values)
        {
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>Names the condition without its values: they are query text, which stays out of logs.</summary>
    public override string ToString() => $"{Field.ApiName()} {Operation.ApiName()} ({Values.Count})";
}
