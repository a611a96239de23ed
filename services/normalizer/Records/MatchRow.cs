namespace IssueObservatory.Mesh.Normalizer;

/// <summary>That a record came for a clause on a day.</summary>
/// <param name="ClauseId">The clause.</param>
/// <param name="Day">The day, as DateOnly counts days.</param>
/// <param name="Attributed">Whether the record is known to match the clause.</param>
/// <param name="FirstSequence">The change that brought it.</param>
internal readonly record struct MatchRow(string ClauseId, int Day, bool Attributed, long FirstSequence);
