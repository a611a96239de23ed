namespace IssueObservatory.Mesh.Collector;

/// <summary>On which days the videos of a refresh lie, as far as their ids tell: pure.</summary>
internal static class RefreshedDays
{
    /// <summary>A video is found under its publication, which may be a day beside its upload.</summary>
    private const int Slack = 1;

    /// <summary>Whether a video that is asked for in a window may be found on these days of it. An id that tells no day may be anywhere.</summary>
    public static bool MayLieIn(string videoId, Days days, Days window) => Near(videoId, window) is not { } near || near.Intersect(days) is not null;

    /// <summary>
    /// Ids that were asked for and not returned although every day on which they may lie was answered for. Of others nothing may be concluded.
    /// </summary>
    /// <param name="asked">Ids that were asked for.</param>
    /// <param name="returned">Those that came.</param>
    /// <param name="window">The days that were asked for, all in all.</param>
    /// <param name="answered">Those that TikTok answered for.</param>
    public static IReadOnlyList<string> Missing(IReadOnlyList<string> asked, IEnumerable<string> returned, Days window, IReadOnlySet<DateOnly> answered)
    {
        var isWhole = window.Each().All(answered.Contains);
        return [.. asked.Except(returned, StringComparer.Ordinal).Where(id => isWhole || Near(id, window) is { } near && near.Each().All(answered.Contains))];
    }

    /// <summary>Those of the ids that may lie on a day which is known to be dark. Of one that tells no day nobody knows.</summary>
    public static IReadOnlyList<string> Dark(IEnumerable<string> ids, Days window, ClassBlackouts known) =>
        [.. ids.Where(id => Near(id, window) is { } near && near.Each().Any(known.IsDark))];

    /// <summary>The days of the window on which a video may lie; what lies outside is looked for at its nearer end. Null when the id does not tell.</summary>
    private static Days? Near(string videoId, Days window) =>
        Outcomes.UploadDay(videoId) is not { } day ? null
        : new Days(Clamp(day.AddDays(-Slack), window), Clamp(day.AddDays(Slack), window));

    private static DateOnly Clamp(DateOnly day, Days window) => day < window.From ? window.From : day > window.To ? window.To : day;
}
