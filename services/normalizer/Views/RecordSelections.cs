using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Reads views as they come over the wire.</summary>
internal static class RecordSelections
{
    /// <summary>The selection of a view; every fault of it at once. A clause without days selects nothing.</summary>
    public static RecordSelection Of(RecordView? view)
    {
        if (view is null)
        {
            throw MeshException.BadInput("view", "view is missing; give the clauses and their days.");
        }

        List<FieldViolation> faults = [];
        Dictionary<string, SelectedDays> clauses = new(StringComparer.Ordinal);
        foreach (var (clauseId, days) in view.Days)
        {
            if (DayOf(days.From) is { } from && DayOf(days.To) is { } to && from <= to)
            {
                clauses[clauseId] = new(from, to);
            }
            else
            {
                faults.Add(new($"view.days[{clauseId}]", "days must be two dates YYYY-MM-DD, the first not after the last."));
            }
        }

        if (view.MaxResults < 0)
        {
            faults.Add(new("view.max_results", "max_results must be 0 (all) or more."));
        }

        if (faults.Count > 0)
        {
            throw MeshException.BadInput(faults);
        }

        var asked = view.Inputs.Select(input => input.Clause?.ClauseId ?? "").ToHashSet(StringComparer.Ordinal);
        return new()
        {
            Clauses = clauses.Where(clause => asked.Contains(clause.Key)).ToDictionary(StringComparer.Ordinal),
            Terms = [.. view.Inputs.Select(input => (input.Clause?.ClauseId ?? "", input.Term))],
            CollectionRunId = NullIfEmpty(view.CollectionRunId),
            QueryDesignId = NullIfEmpty(view.QueryDesignId),
            PublicFigures = view.PublicFigureIds,
            Languages = view.Languages,
            MaxResults = view.MaxResults,
            Identified = view.Identified,
            Type = StoredTypes.Of(view.Type),
            MayHoldDocuments = view.Inputs.Any(input => input.Clause?.Class is ClauseClass.List),
        };
    }

    private static int? DayOf(string day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date.DayNumber : null;

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
