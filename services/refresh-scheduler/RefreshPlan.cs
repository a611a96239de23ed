namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>When a video is read again. Counts settle at ten days; the terms oblige to refresh within 15 days.</summary>
internal static class RefreshPlan
{
    /// <summary>Age at which counts have settled.</summary>
    public static readonly TimeSpan SettledAge = TimeSpan.FromDays(10);

    /// <summary>Age, and time since the last read, by which a refresh must have happened.</summary>
    public static readonly TimeSpan LatestAfter = TimeSpan.FromDays(15);

    /// <summary>Time after the last read from which on a refresh is worth its unit.</summary>
    public static readonly TimeSpan EarliestAfter = TimeSpan.FromDays(13);

    /// <summary>Time between two looks at a video that TikTok did not return.</summary>
    public static readonly TimeSpan SecondLookAfter = TimeSpan.FromHours(24);

    /// <summary>When a comment is due: no look at it is owed to a schedule.</summary>
    public static readonly DateTimeOffset Never = DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_999);

    /// <summary>Until when something must be due to be due by then: what is never due is not.</summary>
    public static DateTimeOffset DueBy(DateTimeOffset time) => time < Never ? time : Never.AddMilliseconds(-1);

    /// <summary>A comment that TikTok returned.</summary>
    public static ScheduledVideo Comment(string platformId, DateTimeOffset readAt) => new()
    {
        PlatformId = platformId,
        PublishedAt = Never,
        LastReadAt = readAt,
        LookedAt = readAt,
        DueAt = Never,
        Deadline = Never,
    };

    /// <summary>The schedule of a video that TikTok returned.</summary>
    public static ScheduledVideo Read(string platformId, DateTimeOffset publishedAt, DateTimeOffset readAt)
    {
        // An upload after the read is not possible; without this such a video would never become due.
        var uploaded = publishedAt < readAt ? publishedAt : readAt;
        var young = readAt - uploaded < SettledAge;
        return new()
        {
            PlatformId = platformId,
            PublishedAt = uploaded,
            LastReadAt = readAt,
            LookedAt = readAt,
            DueAt = young ? uploaded + SettledAge : readAt + EarliestAfter,
            Deadline = young ? uploaded + LatestAfter : readAt + LatestAfter,
        };
    }

    /// <summary>The schedule of a video that TikTok was asked for and did not return: a second look soon, then the ordinary rhythm.</summary>
    public static ScheduledVideo Missed(ScheduledVideo video, DateTimeOffset lookedAt)
    {
        var first = video.MissedAt ?? lookedAt;
        var seenTwice = lookedAt - first >= SecondLookAfter;
        var due = seenTwice ? lookedAt + EarliestAfter : first + SecondLookAfter;
        return video with
        {
            MissedAt = first,
            DarkSince = null,
            LookedAt = lookedAt,
            DueAt = video.IsComment ? Never : due,
            Deadline = video.IsComment ? Never : seenTwice ? lookedAt + LatestAfter : due + SecondLookAfter,
        };
    }

    /// <summary>
    /// The schedule of what a check found shown: it is there, and its counts are as old as before. A video that was read after its counts had settled is not
    /// due again before the rhythm asks; one that was not still is, on its tenth day.
    /// </summary>
    public static ScheduledVideo Verified(ScheduledVideo video, DateTimeOffset verifiedAt)
    {
        var seen = video with { MissedAt = null, DarkSince = null, LookedAt = verifiedAt, VerifiedAt = verifiedAt };
        if (video.IsComment)
        {
            return seen;
        }

        var read = Read(video.PlatformId, video.PublishedAt, video.LastReadAt);
        return video.LastReadAt - video.PublishedAt < SettledAge
            ? seen with { DueAt = read.DueAt, Deadline = read.Deadline }
            : seen with { DueAt = Later(read.DueAt, verifiedAt + EarliestAfter), Deadline = Later(read.Deadline, verifiedAt + LatestAfter) };
    }

    /// <summary>Whether a check asks for it: what was looked at within a day is known, and a second miss counts only a day after the first.</summary>
    public static bool WantsCheck(ScheduledVideo video, DateTimeOffset now, bool all) => all || now - video.LookedAt >= SecondLookAfter;

    /// <summary>The schedule of a video whose refresh came to nothing: nothing is known of it, and it is asked for again after a pause.</summary>
    public static ScheduledVideo Unanswered(ScheduledVideo video, DateTimeOffset now, TimeSpan pause) =>
        video with { DueAt = Later(video.DueAt, now + pause), DarkSince = null };

    /// <summary>The schedule of a video whose days are dark: asking again costs no unit and helps nobody before the next probe.</summary>
    public static ScheduledVideo Dark(ScheduledVideo video, DateTimeOffset now, TimeSpan pause) =>
        Unanswered(video, now, pause) with { DarkSince = video.DarkSince ?? now };

    /// <summary>The schedule of such a video when TikTok answers for its days again.</summary>
    public static ScheduledVideo Lit(ScheduledVideo video, DateTimeOffset now) =>
        video with { DueAt = video.DueAt < now ? video.DueAt : now, DarkSince = null };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
