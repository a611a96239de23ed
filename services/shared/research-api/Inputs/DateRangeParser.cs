using System.Globalization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Whole UTC days, both ends inclusive.</summary>
public sealed record DateRange(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;
}

/// <summary>Reads <c>--from</c> and <c>--to</c>. What is left out becomes the last 30 days that are ripe: TikTok shows a video up to two days after it was posted, so a day is whole on the third day after it.</summary>
public static class DateRangeParser
{
    public const int DefaultDays = 30;

    public const int RipeAfterDays = 3;

    public static Parsed<DateRange> Parse(string? from, string? to, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (Read("--from", from, today, out var first) is { } badFrom)
        {
            return badFrom;
        }

        if (Read("--to", to, today, out var last) is { } badTo)
        {
            return badTo;
        }

        var ripe = today.AddDays(-RipeAfterDays);
        var end = last ?? (first > ripe ? today : ripe);
        var start = first ?? Later(end.AddDays(1 - DefaultDays), ApiDate.Earliest);
        return start <= end
            ? Parsed<DateRange>.Of(new(start, end))
            : Parsed<DateRange>.Refused($"--from {Show(start)}", $"lies after --to {Show(end)}; the first day must not be later than the last");
    }

    private static Parsed<DateRange>? Read(string argument, string? text, DateOnly today, out DateOnly? date)
    {
        date = null;
        if (text is null)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
        {
            return Parsed<DateRange>.Refused($"{argument} {InputText.Quote(text)}", "is not a date; write YYYY-MM-DD, e.g. 2026-01-31");
        }

        date = read;
        return read < ApiDate.Earliest ? Parsed<DateRange>.Refused($"{argument} {Show(read)}", $"is too early; {Show(ApiDate.Earliest)} is the first day allowed")
            : read > today ? Parsed<DateRange>.Refused($"{argument} {Show(read)}", $"lies in the future; today is {Show(today)} (UTC)")
            : null;
    }

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static string Show(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
