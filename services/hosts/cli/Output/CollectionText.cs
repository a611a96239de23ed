using System.Globalization;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>A collection in words.</summary>
internal static class CollectionText
{
    private const int LongestSubject = 60;
    private const int ShownLists = 3;

    /// <summary>What is asked, e.g. <c>#dkpol, folketinget</c>; a query by the name that the mesh gave it, which says its regions.</summary>
    public static string Subject(CollectionStatus status)
    {
        var spec = status.Spec ?? new();
        var inputs = spec.Terms.Concat(spec.Actors.Select(actor => actor.StartsWith('@') || actor.Contains('/', StringComparison.Ordinal) ? actor : "@" + actor)).Concat(spec.Videos.Select(video => "video " + video)).ToList();
        var text = spec.List is not ApiEndpoint.Unspecified ? ListOf(spec) : IsQuery(spec) ? status.Inputs.FirstOrDefault()?.Input ?? "a query" : string.Join(", ", inputs);
        return TextTable.Visible(text.Length <= LongestSubject ? text : string.Concat(text.AsSpan(0, LongestSubject), "…"));
    }

    private static string ListOf(CollectionSpec spec) =>
        $"{CollectionKinds.KindOf(spec.List).Verb()} of {(spec.OfCollectionId.Length > 0 ? $"collection {spec.OfCollectionId}" : string.Join(", ", spec.Subjects))}";

    private static bool IsQuery(CollectionSpec spec) => spec.QueryJson.Length > 0;

    /// <summary>Where and when, e.g. <c>DK · 2026-01-01 … 2026-03-31</c>; of a query only when.</summary>
    public static string Scope(CollectionStatus status)
    {
        var spec = status.Spec ?? new();
        if (IsList(status))
        {
            return "as it is now";
        }

        var regions = IsQuery(spec) ? "" : spec.Regions.Count == 0 || spec.Regions is ["*"] ? "all regions" : string.Join(",", spec.Regions);
        var days = spec.Days is null ? "" : $"{spec.Days.From} …{(spec.Days.To.Length > 0 ? $" {spec.Days.To}" : "")}";
        return string.Join(" · ", ((string[])[regions, days]).Where(part => part.Length > 0));
    }

    /// <summary>Whether it reads lists, which have no days.</summary>
    public static bool IsList(CollectionStatus status) => status.Spec?.List is not (null or ApiEndpoint.Unspecified);

    /// <summary>How far it is: in days, or in lists.</summary>
    public static (string Unit, long Complete, long Missing, long All) Steps(CollectionStatus status)
    {
        if (!IsList(status))
        {
            return status.Days is { } days ? ("days", days.Complete, days.Gap, days.Complete + days.Gap + days.Pending) : ("days", 0, 0, 0);
        }

        var missing = status.Inputs.LongCount(input => input.Result is InputOutcome.Failed);
        return ("lists", status.Inputs.LongCount(input => input.Result is not InputOutcome.Pending) - missing, missing, status.Inputs.Count);
    }

    /// <summary>How far it is, in one line.</summary>
    public static string Progress(CollectionStatus status)
    {
        var (unit, complete, missing, all) = Steps(status);
        List<string> parts = [$"{Number(complete + missing)} of {Number(all)} {unit}"];
        if (missing > 0)
        {
            parts.Add($"{Number(missing)} missing");
        }

        parts.Add($"{Number(Records(status))} records, {Number(status.Records?.New ?? 0)} of them new");
        parts.Add(Units(status));
        return string.Join(" · ", parts);
    }

    /// <summary>Units used and left.</summary>
    public static string Units(CollectionStatus status)
    {
        var sent = status.Requests?.Sent ?? 0;
        var used = Counted(sent, "unit");
        return status.Quota is { } quota ? $"{used}, {Number(Math.Max(0, quota.Limit - quota.Used))} of {Number(quota.Limit)} left today" : used;
    }

    /// <summary>Where it stands, e.g. <c>running, waits for the turn of the UTC day; goes on at 00:00:35 UTC (in 40 s)</c>.</summary>
    public static string Stands(CollectionStatus status, DateTimeOffset now) => Waiting(status, now) switch
    {
        "" when status.State is CollectionState.Failed && status.Failure.Length > 0 => $"{State(status.State)}: {TextTable.Visible(status.Failure)}",
        "" => State(status.State),
        var waiting when status.State is CollectionState.Running => $"{State(status.State)}, {waiting}",
        var waiting => waiting,
    };

    /// <summary>What it waits for and until when; empty when it works.</summary>
    public static string Waiting(CollectionStatus status, DateTimeOffset now)
    {
        if (status.State is CollectionState.Paused)
        {
            return $"paused; `mesh resume {status.CollectionId}` goes on";
        }

        var why = status.WaitingFor.Length > 0 ? status.WaitingFor : status.State is CollectionState.WaitingForQuota ? "the next day's quota" : "";
        if (why.Length == 0)
        {
            return "";
        }

        return status.WaitingUntil?.ToDateTimeOffset() is { } until && until > now ? $"waits for {why}; goes on at {When(until, now)}" : $"waits for {why}";
    }

    /// <summary>Limits that were set, e.g. <c>at most 3 units a day, to 2026-12-31</c>; empty when none was.</summary>
    public static string Limits(CollectionStatus status)
    {
        var spec = status.Spec ?? new();
        List<string> most = [];
        Add(spec.UnitsPerDay, "unit", " a day");
        Add(spec.MaxUnits, "unit", " in all");
        Add(spec.MaxResults, "record", "");
        List<string> limits = most.Count > 0 ? [$"at most {string.Join(", ", most)}"] : [];
        if (LastDay(status) is { } last)
        {
            limits.Add($"to {last}");
        }

        return string.Join(", ", limits);

        void Add(long limit, string what, string each)
        {
            if (limit > 0)
            {
                most.Add(Counted(limit, what) + each);
            }
        }
    }

    /// <summary>The last day of what is followed; null when it has none, and of what is not followed, whose days say it.</summary>
    public static string? LastDay(CollectionStatus status) => status.Spec is { Standing: true, Days.To: { Length: > 0 } last } ? last : null;

    /// <summary>Records that it has; until they are counted, those in its answers.</summary>
    public static long Records(CollectionStatus status) => status.Records is { HasHeld: true } counts ? counts.Held : Received(status);

    /// <summary>Records in its answers; one that came for two searches counts twice.</summary>
    public static long Received(CollectionStatus status) => status.Records?.Received ?? 0;

    /// <summary>A gap in one line.</summary>
    public static string Of(Gap gap)
    {
        var evidence = gap.LogIds.Count == 0 ? "" : $" (log_id {string.Join(", ", gap.LogIds.Take(3))}{(gap.LogIds.Count > 3 ? ", …" : "")})";
        return gap.Class is ClauseClass.List
            ? $"{Counted(gap.Clauses.Count, "list")}  {Reason(gap.Reason)}  {TextTable.Visible(string.Join(", ", gap.Clauses.Take(ShownLists)))}{(gap.Clauses.Count > ShownLists ? ", …" : "")}{evidence}"
            : $"{Of(gap.Days)}  {Reason(gap.Reason)}  {TextTable.Visible(string.Join(", ", gap.Clauses))}{evidence}";
    }

    /// <summary>Days as people write them.</summary>
    public static string Of(DayRange days) => string.Equals(days.From, days.To, StringComparison.Ordinal) ? days.From : $"{days.From} … {days.To}";

    /// <summary>Why days are missing.</summary>
    public static string Reason(GapReason reason) => reason switch
    {
        GapReason.Blackout => "TikTok cannot answer for these days (blackout)",
        GapReason.BlackoutSuspect => "TikTok cannot answer for days around these, which were not tried (blackout_suspect)",
        GapReason.NotYetIndexed => "too young to be found (not_yet_indexed)",
        GapReason.Failed => "the answers could not be used (failed)",
        GapReason.LimitReached => "the limit was reached before (limit_reached)",
        _ => Words.Of(reason),
    };

    /// <summary>What is known of days, in words.</summary>
    public static string Coverage(CoverageSpan span) => span.State switch
    {
        CoverageState.Gap => Reason(span.Reason),
        CoverageState.Partial => $"in part; {Reason(span.Reason)}",
        CoverageState.Empty => "complete, and empty",
        CoverageState.Suspect => "complete, in doubt (suspect)",
        _ => Words.Of(span.State),
    };

    /// <summary>A state in words.</summary>
    public static string State(CollectionState state) => Words.Of(state).Replace('_', ' ');

    /// <summary>A number for people.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>So many of something, e.g. <c>1 unit</c>.</summary>
    public static string Counted(long number, string what) => $"{Number(number)} {what}{(number == 1 ? "" : "s")}";

    /// <summary>A time of day, with its day when that is another one.</summary>
    public static string Clock(DateTimeOffset time, DateTimeOffset now) =>
        time.ToString(time.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A time to come, and how far away it is.</summary>
    public static string When(DateTimeOffset time, DateTimeOffset now) => $"{Clock(time, now)} (in {Span(time - now)})";

    /// <summary>A length of time.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "a moment",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:F0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
    };
}
