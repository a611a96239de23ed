using System.Globalization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Whole UTC days, both ends inclusive.</summary>
internal readonly record struct Days(DateOnly From, DateOnly To)
{
    private const string Format = "yyyy-MM-dd";

    public int Count => To.DayNumber - From.DayNumber + 1;

    public bool Contains(DateOnly day) => day >= From && day <= To;

    public IEnumerable<DateOnly> Each()
    {
        for (var day = From; day <= To; day = day.AddDays(1))
        {
            yield return day;
        }
    }

    public Days? Intersect(Days other)
    {
        var from = From > other.From ? From : other.From;
        var to = To < other.To ? To : other.To;
        return from <= to ? new(from, to) : null;
    }

    public Days Union(Days other) => new(From < other.From ? From : other.From, To > other.To ? To : other.To);

    /// <summary>Neighbouring windows that together are these days, each of at most <paramref name="longest"/> days; none shares a day.</summary>
    public IEnumerable<Days> Windows(int longest)
    {
        for (var from = From; from <= To; from = from.AddDays(longest))
        {
            var to = from.AddDays(longest - 1);
            yield return new(from, to < To ? to : To);
        }
    }

    /// <summary>The same days as stretches in order, those that touch or overlap made one.</summary>
    public static IReadOnlyList<Days> Joined(IReadOnlyList<Days> days)
    {
        List<Days> joined = [];
        foreach (var each in days.OrderBy(each => each.From))
        {
            if (joined.Count > 0 && each.From.DayNumber <= joined[^1].To.DayNumber + 1)
            {
                joined[^1] = joined[^1].Union(each);
                continue;
            }

            joined.Add(each);
        }

        return joined;
    }

    /// <summary>What is left of stretches in order when holes, in any order, are taken out.</summary>
    public static IReadOnlyList<Days> Without(IReadOnlyList<Days> days, IReadOnlyList<Days> holes)
    {
        if (holes.Count == 0)
        {
            return days;
        }

        List<Days> left = [];
        var sorted = Joined(holes);
        foreach (var each in days)
        {
            var from = each.From.DayNumber;
            foreach (var hole in sorted.Where(hole => hole.Intersect(each) is not null))
            {
                if (hole.From.DayNumber > from)
                {
                    left.Add(new(DateOnly.FromDayNumber(from), hole.From.AddDays(-1)));
                }

                from = hole.To.DayNumber + 1;
            }

            if (from <= each.To.DayNumber)
            {
                left.Add(new(DateOnly.FromDayNumber(from), each.To));
            }
        }

        return left;
    }

    public DayRange ToRange() => new() { From = Text(From), To = Text(To) };

    public static Days Of(DayRange range) => new(Day(range.From), Day(range.To));

    public static string Text(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, Format, CultureInfo.InvariantCulture);

    public static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    /// <summary>Days that follow each other without a hole, as stretches; the days must be sorted.</summary>
    public static IEnumerable<Days> Stretches(IEnumerable<DateOnly> sorted)
    {
        Days? current = null;
        foreach (var day in sorted)
        {
            if (current is { } stretch && stretch.To.AddDays(1) == day)
            {
                current = stretch with { To = day };
                continue;
            }

            if (current is { } done)
            {
                yield return done;
            }

            current = new(day, day);
        }

        if (current is { } last)
        {
            yield return last;
        }
    }
}
