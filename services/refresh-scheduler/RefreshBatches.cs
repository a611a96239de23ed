namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>
/// Packs videos into requests: at most 100 ids whose upload days fit one window. Windows are fixed stretches of 31 days,
/// so that what is due now and what is due next meet in the same request.
/// </summary>
internal static class RefreshBatches
{
    /// <summary>Days of a window, both ends included.</summary>
    public const int WindowDays = 31;

    /// <summary>Batches of the due videos, the one with the earliest deadline first; only the last batch of a window has room left.</summary>
    public static IReadOnlyList<RefreshBatch> Pack(IEnumerable<ScheduledVideo> due) =>
    [
        .. due
            .DistinctBy(video => video.PlatformId, StringComparer.Ordinal)
            .GroupBy(video => WindowOf(video.UploadDay).From)
            .SelectMany(window => window
                .OrderBy(video => video.Deadline)
                .ThenBy(video => video.PlatformId, StringComparer.Ordinal)
                .Chunk(RefreshBatch.LargestSize))
            .Select(videos => new RefreshBatch { Videos = videos })
            .OrderBy(batch => batch.Deadline)
            .ThenBy(batch => batch.From),
    ];

    /// <summary>Fills the batch up with videos of its window that are due next; they cost nothing more. Those that wait for light take no place.</summary>
    public static RefreshBatch Fill(RefreshBatch batch, IEnumerable<ScheduledVideo> next)
    {
        var window = WindowOf(batch.From);
        var there = batch.Videos.Select(video => video.PlatformId).ToHashSet(StringComparer.Ordinal);
        var fillers = next
            .Where(video => video.DarkSince is null && video.UploadDay >= window.From && video.UploadDay <= window.To && there.Add(video.PlatformId))
            .Take(RefreshBatch.LargestSize - batch.Videos.Count);
        return batch with { Videos = [.. batch.Videos, .. fillers] };
    }

    /// <summary>
    /// Open batches to hand over, and those to hand over again because that was before <paramref name="since"/>. Of checks the first goes alone, and the others
    /// once it has its answer: a credential that may not check costs one unit so, however many wait.
    /// </summary>
    public static IEnumerable<OpenBatch> ToHandOver(IReadOnlyList<OpenBatch> open, DateTimeOffset since)
    {
        var first = open.Any(batch => batch is { IsCheck: true, HandedOverAt: not null }) ? null : open.FirstOrDefault(batch => batch.IsCheck);
        return open.Where(batch => batch.HandedOverAt is { } at ? at < since : !batch.IsCheck || ReferenceEquals(batch, first));
    }

    /// <summary>The window that holds a day.</summary>
    public static (DateOnly From, DateOnly To) WindowOf(DateOnly day)
    {
        var from = day.DayNumber - (day.DayNumber % WindowDays);
        return (DateOnly.FromDayNumber(from), DateOnly.FromDayNumber(Math.Min(from + WindowDays - 1, DateOnly.MaxValue.DayNumber)));
    }
}
