namespace IssueObservatory.Mesh.Collector;

/// <summary>What a caller has got on a UTC day.</summary>
/// <param name="Caller">Its identity.</param>
/// <param name="Positions">Index positions that pages brought it, its share of merged ones.</param>
/// <param name="LastAt">When it last got something; null: not for so long that nobody knows.</param>
internal sealed record CallerTurn(string Caller, double Positions, DateTimeOffset? LastAt);

/// <summary>What each caller of a lab has got of late, whichever collector brought it: pure. Whose turn it is follows from it (<see cref="Fairness"/>).</summary>
internal sealed record LabTurns
{
    public static readonly LabTurns None = new();

    /// <summary>One for each caller; the positions are those of the UTC day of <see cref="CallerTurn.LastAt"/>.</summary>
    public IReadOnlyList<CallerTurn> Turns { get; init; } = [];

    /// <summary>What a caller has got on the UTC day of a time.</summary>
    public CallerTurn Of(string caller, DateTimeOffset now)
    {
        var turn = Turns.FirstOrDefault(each => each.Caller == caller) ?? new(caller, 0, LastAt: null);
        return turn.LastAt is { } lastAt && Days.DayOf(lastAt) == Days.DayOf(Later(lastAt, now)) ? turn : turn with { Positions = 0 };
    }

    /// <summary>Callers got parts of a page. Who got nothing for so long that it is hungry anyway is forgotten.</summary>
    public LabTurns With(IReadOnlyDictionary<string, double> parts, DateTimeOffset now) => new()
    {
        Turns =
        [
            .. Turns.Where(each => !parts.ContainsKey(each.Caller) && now - each.LastAt < Fairness.LongestHunger),
            .. from part in parts
               let before = Of(part.Key, now)
               select before with { Positions = before.Positions + part.Value, LastAt = Later(before.LastAt ?? now, now) },
        ],
    };

    /// <summary>Clocks of collectors differ: a day that has begun for one of them has begun.</summary>
    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
