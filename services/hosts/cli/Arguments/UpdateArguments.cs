using System.CommandLine;
using System.Globalization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>What can be changed of a collection, for <c>update</c>.</summary>
internal sealed class UpdateArguments
{
    private readonly Option<long> maxResults = OptionOf.Whole("--max-results", "At most this many records; 0 for no limit", 0, long.MaxValue);
    private readonly Option<long> maxUnits = OptionOf.Whole("--max-units", "At most this many requests; 0 for no limit", 0, long.MaxValue);
    private readonly Option<long> unitsPerDay = OptionOf.Whole("--units-per-day", "At most this many requests a UTC day; 0 for no limit", 0, long.MaxValue);
    private readonly Option<string?> priority = OptionOf.Word("--priority", "Who goes first", "interactive", "backfill");
    private readonly Option<DateOnly?> to = OptionOf.Day("--to", "Last UTC day of a collection that was started with --follow");
    private readonly Option<string[]> labels = LabelOptions.Create("Words of your own in place of those that it has; may be repeated");

    /// <summary>Adds them to a command.</summary>
    public static UpdateArguments AddTo(Command command)
    {
        var arguments = new UpdateArguments();
        foreach (var option in arguments.All)
        {
            command.Options.Add(option);
        }

        return arguments;
    }

    private Option[] All => [maxResults, maxUnits, unitsPerDay, priority, to, labels];

    /// <summary>The new values, and which of them are meant.</summary>
    public UpdateCollectionRequest Read(ParseResult parsed, DateTimeOffset now)
    {
        var request = new UpdateCollectionRequest { Spec = new(), UpdateMask = new() };
        (Option Option, string Field, Action Set)[] known =
        [
            (maxResults, "max_results", () => request.Spec.MaxResults = parsed.GetValue(maxResults)),
            (maxUnits, "max_units", () => request.Spec.MaxUnits = parsed.GetValue(maxUnits)),
            (unitsPerDay, "units_per_day", () => request.Spec.UnitsPerDay = parsed.GetValue(unitsPerDay)),
            (priority, "priority", () => request.Spec.Priority = parsed.GetValue(priority) is "backfill" ? Priority.Backfill : Priority.Interactive),
            (to, "days.to", () => request.Spec.Days = new() { To = parsed.GetValue(to)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }),
            (labels, "labels", () => LabelOptions.Read(parsed.GetValue(labels), request.Spec)),
        ];
        foreach (var (option, field, set) in known)
        {
            if (parsed.GetResult(option) is not null)
            {
                set();
                request.UpdateMask.Paths.Add(field);
            }
        }

        return request.UpdateMask.Paths.Count > 0
            ? request
            : throw CommandRefusedException.BadInput($"nothing is given that could be changed; allowed are {string.Join(", ", All.Select(option => option.Name))}");
    }
}
