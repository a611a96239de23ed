using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>What refreshes of what is on the schedule need: pure. New videos are not in it.</summary>
internal static class RefreshForecast
{
    /// <summary>UTC days that a forecast has.</summary>
    public const int DaysAhead = 30;

    /// <summary>
    /// Units that can be spent now, by the hour of the deadline: each 100 due videos of a window are one, and the first of them says by when. A batch on its way
    /// is one more.
    /// </summary>
    public static IReadOnlyList<UnitsDue> Due(IReadOnlyList<DueVideos> due, IEnumerable<OpenBatch> open)
    {
        SortedDictionary<DateTimeOffset, long> units = [];
        foreach (var window in due.GroupBy(videos => videos.Window))
        {
            var videos = 0L;
            foreach (var next in window.OrderBy(each => each.Deadline))
            {
                var before = Pages(videos);
                videos += next.Videos;
                Add(units, next.Deadline, Pages(videos) - before);
            }
        }

        foreach (var batch in open.Where(batch => !batch.IsCheck && batch.Videos.Count > 0))
        {
            var deadline = batch.Videos.Min(video => video.Deadline).ToUniversalTime();
            Add(units, deadline.AddTicks(-(deadline.Ticks % TimeSpan.TicksPerHour)), 1);
        }

        return [.. units.Select(each => new UnitsDue { By = each.Key, Units = each.Value })];
    }

    /// <summary>
    /// Units of the coming days by when they become due, today first; what is due already, or on its way, counts for today. What is read on a day is due again
    /// as soon as <see cref="RefreshPlan"/> lets it.
    /// </summary>
    public static IReadOnlyList<long> Days(IReadOnlyList<VideosOfDay> scheduled, long onTheirWay, DateOnly today)
    {
        var videos = new long[DaysAhead];
        videos[0] = onTheirWay;
        foreach (var (day, count) in scheduled.Where(each => each.Day < today.AddDays(DaysAhead)))
        {
            videos[Math.Max(0, day.DayNumber - today.DayNumber)] += count;
        }

        var again = RefreshPlan.EarliestAfter.Days;
        for (var day = again; day < DaysAhead; day++)
        {
            videos[day] += videos[day - again];
        }

        return [.. videos.Select(Pages)];
    }

    private static long Pages(long videos) => (videos + RefreshBatch.LargestSize - 1) / RefreshBatch.LargestSize;

    private static void Add(SortedDictionary<DateTimeOffset, long> units, DateTimeOffset deadline, long more)
    {
        if (more > 0)
        {
            units[deadline] = units.GetValueOrDefault(deadline) + more;
        }
    }
}
