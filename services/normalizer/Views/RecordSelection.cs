namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Which records somebody asks for, and what their collection adds to them.</summary>
internal sealed record RecordSelection
{
    /// <summary>The clauses with their days; one entry a clause.</summary>
    public required IReadOnlyDictionary<string, SelectedDays> Clauses { get; init; }

    /// <summary>Clause and term, in the order in which they were typed; terms of actors and ids are empty.</summary>
    public required IReadOnlyList<(string ClauseId, string Term)> Terms { get; init; }

    /// <summary>As given with the collection; null when not.</summary>
    public string? CollectionRunId { get; init; }

    /// <summary>As given with the collection; null when not.</summary>
    public string? QueryDesignId { get; init; }

    /// <summary>Handles that are shown in place of the pseudonym.</summary>
    public IReadOnlyList<string> PublicFigures { get; init; } = [];

    /// <summary>Only these languages, and undetermined; empty means all.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Only the first so many records, and as many documents, that came; 0 means all.</summary>
    public long MaxResults { get; init; }

    /// <summary>With url and user names.</summary>
    public bool Identified { get; init; }

    /// <summary>Whether documents may be among what its clauses hold: only lists bring any.</summary>
    public bool MayHoldDocuments { get; init; } = true;

    /// <summary>Which documents are listed; null: records. Changes and counts are of both.</summary>
    public StoredType? Type { get; init; }

    /// <summary>The type that all the selections list.</summary>
    public static StoredType? TypeOf(IReadOnlyList<RecordSelection> selections) => selections.Count > 0 ? selections[0].Type : null;

    /// <summary>The selections that a thing with these matches belongs to, in the order in which they were asked, whatever its language.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="matches">Its matches.</param>
    /// <param name="selections">The selections.</param>
    /// <param name="cuts">Where max_results cuts each selection off.</param>
    public static List<(RecordSelection Selection, Membership Membership)> HoldersOf(
        StoredType type, IReadOnlyCollection<MatchRow> matches, IReadOnlyList<RecordSelection> selections, IReadOnlyList<CutOffs> cuts)
    {
        List<(RecordSelection Selection, Membership Membership)> holders = new(1);
        for (var i = 0; i < selections.Count; i++)
        {
            if (selections[i].MembershipOf(matches) is { } membership && membership.FirstSequence <= cuts[i].Of(type))
            {
                holders.Add((selections[i], membership));
            }
        }

        return holders;
    }

    /// <summary>What a record with these matches is to this selection; null when it does not belong.</summary>
    public Membership? MembershipOf(IEnumerable<MatchRow> matches)
    {
        HashSet<string> attributed = new(StringComparer.Ordinal);
        var first = long.MaxValue;
        foreach (var match in matches)
        {
            if (!Clauses.TryGetValue(match.ClauseId, out var days) || match.Day < days.From || match.Day > days.To)
            {
                continue;
            }

            first = Math.Min(first, match.FirstSequence);
            if (match.Attributed)
            {
                attributed.Add(match.ClauseId);
            }
        }

        return first == long.MaxValue
            ? null
            : new(first, attributed.Count == 0, [.. Terms.Where(term => term.Term.Length > 0 && attributed.Contains(term.ClauseId)).Select(term => term.Term).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether a record of this language (null when undetermined) is wanted.</summary>
    public bool Wants(string? language) => Languages.Count == 0 || language is null || Languages.Contains(language, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Days as DateOnly counts them, both ends inclusive.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct SelectedDays(int From, int To);

/// <summary>
/// The change with which a selection's last record, and its last document, first came: max_results counts in the order of arrival, records and documents apart,
/// so that an actor's profile takes no video's place.
/// </summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct CutOffs(long Records, long Documents)
{
    /// <summary>Where things of this type end.</summary>
    public long Of(StoredType type) => type.IsRecord() ? Records : Documents;
}

/// <summary>What a record is to a selection.</summary>
/// <param name="FirstSequence">The change with which it first belonged.</param>
/// <param name="Unattributed">Whether no clause is known to match it.</param>
/// <param name="Terms">The terms that it matched, as typed.</param>
internal sealed record Membership(long FirstSequence, bool Unattributed, IReadOnlyList<string> Terms);
