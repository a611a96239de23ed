namespace IssueObservatory.Mesh.Normalizer;

/// <summary>That a record came for a clause on a day.</summary>
/// <param name="ClauseId">The clause.</param>
/// <param name="Day">The day, as DateOnly counts days.</param>
/// <param name="Attributed">Whether the record is known to match the clause; once known, it stays.</param>
/// <param name="FirstSequence">The change that brought it.</param>
internal readonly record struct MatchRow(string ClauseId, int Day, bool Attributed, long FirstSequence)
{
    /// <summary>The rows with those of the item, which <paramref name="sequence"/> brings; the same list when it adds nothing.</summary>
    public static IReadOnlyList<MatchRow> With(IReadOnlyList<MatchRow> rows, NormalizedItem item, long sequence)
    {
        List<MatchRow>? changed = null;
        foreach (var match in item.Matches)
        {
            var place = Place(changed ?? rows, match.ClauseId, item.Day.DayNumber);
            if (place < 0)
            {
                (changed ??= [.. rows]).Add(new(match.ClauseId, item.Day.DayNumber, match.Attributed, sequence));
            }
            else if (match.Attributed && !(changed ?? rows)[place].Attributed)
            {
                changed ??= [.. rows];
                changed[place] = changed[place] with { Attributed = true };
            }
        }

        return changed ?? rows;
    }

    private static int Place(IReadOnlyList<MatchRow> rows, string clauseId, int day)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Day == day && string.Equals(rows[i].ClauseId, clauseId, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
