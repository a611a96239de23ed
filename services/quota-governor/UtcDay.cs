using System.Globalization;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>TikTok counts by UTC day; around midnight it is uncertain which day pays.</summary>
internal static class UtcDay
{
    /// <summary>The UTC day of a time.</summary>
    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    /// <summary>00:00 UTC of a day.</summary>
    public static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary><c>YYYY-MM-DD</c>.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Reverse of <see cref="Text"/>.</summary>
    public static DateOnly Parse(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Whether a time is so close to midnight that nothing may be granted.</summary>
    public static bool IsGuarded(DateTimeOffset now, TimeSpan guard) =>
        now.UtcDateTime.TimeOfDay < guard || now.UtcDateTime.TimeOfDay >= TimeSpan.FromDays(1) - guard;

    /// <summary>The day whose budget is open: until the guard after midnight has passed, still the day before.</summary>
    public static DateOnly OpenAt(DateTimeOffset now, TimeSpan guard) => Of(now - guard);

    /// <summary>When the next budget opens.</summary>
    public static DateTimeOffset NextOpening(DateTimeOffset now, TimeSpan guard) => Start(OpenAt(now, guard).AddDays(1)) + guard;
}
