namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Names of callers, each once and in order; equal when they name the same.</summary>
internal sealed record CallerNames(IReadOnlyList<string> Names)
{
    /// <summary>Whoever used units on these days.</summary>
    public static CallerNames Of(IEnumerable<DayUse> days) =>
        new([.. days.SelectMany(day => day.Callers.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public bool Equals(CallerNames? other) => other is not null && Names.SequenceEqual(other.Names, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => string.Join('\n', Names).GetHashCode(StringComparison.Ordinal);
}
