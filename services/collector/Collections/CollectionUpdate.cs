using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a caller changes of a collection that is there: pure. A limit below what is used already is refused; to end a collection there is Cancel.</summary>
internal sealed class CollectionUpdate
{
    private const string MaxResults = "max_results";
    private const string MaxUnits = "max_units";
    private const string UnitsPerDay = "units_per_day";
    private const string Urgency = "priority";
    private const string Labels = "labels";
    private const string LastDay = "days.to";

    private static readonly string[] Changeable = [MaxResults, MaxUnits, UnitsPerDay, Urgency, Labels, LastDay];

    private readonly CollectionSpec wanted;
    private readonly IReadOnlySet<string> fields;

    private CollectionUpdate(CollectionSpec wanted, IReadOnlySet<string> fields) => (this.wanted, this.fields) = (wanted, fields);

    /// <summary>Which fields are meant: those of the mask; without one, those that are set.</summary>
    /// <exception cref="MeshException">BAD_INPUT when the mask names something that cannot be changed, or nothing is left to change.</exception>
    public static CollectionUpdate Read(CollectionSpec? wanted, FieldMask? mask)
    {
        var spec = wanted ?? new();
        var paths = mask is { Paths.Count: > 0 } ? mask.Paths.ToHashSet(StringComparer.Ordinal) : SetIn(spec);
        if (paths.FirstOrDefault(path => !Changeable.Contains(path, StringComparer.Ordinal)) is { } other)
        {
            throw MeshException.BadInput("update_mask", $"{other} cannot be changed; allowed are {string.Join(", ", Changeable)}");
        }

        return paths.Count > 0 ? new(spec, paths) : throw MeshException.BadInput("update_mask", $"nothing is given that could be changed; allowed are {string.Join(", ", Changeable)}");
    }

    /// <summary>The collection with the changes; one whose limit leaves room again goes on.</summary>
    /// <param name="collection">As it is.</param>
    /// <param name="records">Records that it has, also those beyond its limit.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="MeshException">BAD_INPUT with every violation, or STATE_FORBIDS when it was cancelled.</exception>
    public CollectionRecord Apply(CollectionRecord collection, long records, DateTimeOffset now)
    {
        if (collection.State is CollectionState.Cancelled)
        {
            throw CollectionCommands.Forbidden(collection, "changed");
        }

        var spec = CollectionSpec.Parser.ParseJson(collection.Spec);
        if (Violations(collection, spec, records).ToList() is { Count: > 0 } violations)
        {
            throw MeshException.BadInput(violations);
        }

        Merge(spec);
        var changed = DailyUnits.Resting(
            collection with
            {
                Spec = spec.ToString(),
                Priority = fields.Contains(Urgency) ? wanted.Priority : collection.Priority,
                MaxResults = fields.Contains(MaxResults) ? wanted.MaxResults : collection.MaxResults,
                MaxUnits = fields.Contains(MaxUnits) ? wanted.MaxUnits : collection.MaxUnits,
                UnitsPerDay = fields.Contains(UnitsPerDay) ? wanted.UnitsPerDay : collection.UnitsPerDay,
                EndsOn = fields.Contains(LastDay) ? DayOrNull(spec.Days.To) : collection.EndsOn,
            },
            now);
        var hasRoom = (changed.MaxUnits == 0 || changed.Sent < changed.MaxUnits) && (changed.MaxResults == 0 || records < changed.MaxResults);
        return !changed.LimitReached || !hasRoom ? changed : changed with
        {
            LimitReached = false,
            LimitedDays = [],
            State = changed.HasEnded ? CollectionState.Running : changed.State,
            EndedAt = null,
        };
    }

    private IEnumerable<FieldViolation> Violations(CollectionRecord collection, CollectionSpec spec, long records)
    {
        if (fields.Contains(MaxResults) && spec.Sample > 0)
        {
            yield return new("spec.max_results", "max_results cannot be used with a sample, which is itself the limit");
        }
        else if (fields.Contains(MaxResults) && wanted.MaxResults != 0 && wanted.MaxResults < Math.Max(1, records))
        {
            yield return new("spec.max_results", $"max_results must be at least {Number(Math.Max(1, records))} here, the records that it has; 0 means no limit, and `mesh cancel` ends it");
        }

        if (fields.Contains(MaxUnits) && wanted.MaxUnits != 0 && wanted.MaxUnits < Math.Max(1, collection.Sent))
        {
            yield return new("spec.max_units", $"max_units must be at least {Number(Math.Max(1, collection.Sent))} here, the units that it has spent; 0 means no limit, and `mesh cancel` ends it");
        }

        if (fields.Contains(UnitsPerDay) && wanted.UnitsPerDay < 0)
        {
            yield return new("spec.units_per_day", "units_per_day must be 0 (no limit) or more");
        }

        if (fields.Contains(Urgency) && wanted.Priority is not (Priority.Interactive or Priority.Backfill))
        {
            yield return new("spec.priority", "priority must be interactive or backfill");
        }

        if (fields.Contains(Labels) && SpecReader.LabelProblem(wanted) is { } problem)
        {
            yield return new("spec.labels", problem);
        }

        if (fields.Contains(LastDay) && LastDayProblem(collection) is { } late)
        {
            yield return new("spec.days.to", late);
        }
    }

    private string? LastDayProblem(CollectionRecord collection) => (wanted.Days?.To ?? "") switch
    {
        _ when !collection.IsStanding => $"{LastDay} can be set only of a collection with `standing`",
        "" => null,
        _ when DayOrNull(wanted.Days!.To) is null => $"{LastDay} must be a day such as 2026-01-31",
        _ when DayOrNull(wanted.Days!.To) < collection.Until => $"{LastDay} must be {Days.Text(collection.Until.Value)} or later, the last day that it asks for already",
        _ => null,
    };

    private void Merge(CollectionSpec spec)
    {
        spec.MaxResults = fields.Contains(MaxResults) ? wanted.MaxResults : spec.MaxResults;
        spec.MaxUnits = fields.Contains(MaxUnits) ? wanted.MaxUnits : spec.MaxUnits;
        spec.UnitsPerDay = fields.Contains(UnitsPerDay) ? wanted.UnitsPerDay : spec.UnitsPerDay;
        spec.Priority = fields.Contains(Urgency) ? wanted.Priority : spec.Priority;
        if (fields.Contains(Labels))
        {
            spec.Labels.Clear();
            spec.Labels.Add(wanted.Labels);
        }

        if (fields.Contains(LastDay))
        {
            spec.Days.To = wanted.Days?.To ?? "";
        }
    }

    private static HashSet<string> SetIn(CollectionSpec spec)
    {
        (string Field, bool IsSet)[] known =
        [
            (MaxResults, spec.MaxResults != 0), (MaxUnits, spec.MaxUnits != 0), (UnitsPerDay, spec.UnitsPerDay != 0),
            (Urgency, spec.Priority is not Priority.Unspecified), (Labels, spec.Labels.Count > 0), (LastDay, spec.Days?.To is { Length: > 0 }),
        ];
        return [.. known.Where(each => each.IsSet).Select(each => each.Field)];
    }

    private static string Number(long number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly? DayOrNull(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : null;
}
