namespace IssueObservatory.Mesh.Collector;

/// <summary>What goes with collections that go on for months.</summary>
internal sealed partial class SpecReader
{
    private void CheckStanding()
    {
        if (spec.UnitsPerDay < 0)
        {
            Refuse("spec.units_per_day", "units_per_day must be 1 or more; leave it out for no limit");
        }

        if (!spec.Standing)
        {
            return;
        }

        if (spec.Terms.Count + spec.Actors.Count == 0 && spec.QueryJson.Length == 0)
        {
            Refuse("spec.standing", "standing goes with terms, actors and queries; nothing else has days that are still to come");
        }

        if (spec.Sample > 0)
        {
            Refuse("spec.standing", "standing cannot be used with `sample`, which is drawn once");
        }

        if (spec.Days?.To is { Length: > 0 })
        {
            Refuse("spec.days.to", "days.to cannot be used with `standing`, which has no last day; `mesh update` can give it one");
        }
    }
}
