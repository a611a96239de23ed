using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Whole UTC days, both ends inclusive.</summary>
public sealed record DateRange(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;
}

/// <summary>Either days, or everything that is wrong with them; <c>from</c> and <c>to</c> are the paths.</summary>
public sealed record DateRangeReading
{
    public DateRange? Range { get; init; }

    public IReadOnlyList<Violation> Violations { get; init; } = [];

    [MemberNotNullWhen(true, nameof(Range))]
    public bool IsValid => Range is not null;
}

/// <summary>Reads a first and a last day. What is left out becomes the last 30 days that are ripe: TikTok shows a video up to two days after it was posted, so a day is whole on the third day after it.</summary>
public static class DateRangeParser
{
    public const int DefaultDays = 30;

    public const int RipeAfterDays = 3;

    public static DateRangeReading Parse(string? from, string? to, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var badFrom = Read("from", from, today, out var first);
        var badTo = Read("to", to, today, out var last);
        if (badFrom is not null || badTo is not null)
        {
            return new() { Violations = [.. new[] { badFrom, badTo }.OfType<Violation>()] };
        }

        var ripe = today.AddDays(-RipeAfterDays);
        var end = last ?? (first > ripe ? today : ripe);
        var start = first ?? Later(end.AddDays(1 - DefaultDays), ApiDate.Earliest);
        return start <= end
            ? new() { Range = new(start, end) }
            : new() { Violations = [new("from", $"{Show(start)} lies after the last day, {Show(end)}; allowed is that day or one before it")] };
    }

    private static Violation? Read(string path, string? text, DateOnly today, out DateOnly? date)
    {
        date = null;
        if (text is null)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
        {
            return new(path, $"{InputText.Quote(text)} is not a date; write YYYY-MM-DD, e.g. 2026-01-31");
        }

        date = read;
        return read < ApiDate.Earliest ? new(path, $"{Show(read)} is too early; {Show(ApiDate.Earliest)} is the first day allowed")
            : read > today ? new(path, $"{Show(read)} lies in the future; today is {Show(today)} (UTC)")
            : null;
    }

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static string Show(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
