namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>
/// The schedule and the refreshes on their way. Everything belongs to a lab. Every write MUST be durable when it returns,
/// and repeating it MUST change nothing. A video MUST be in at most one open batch. Times are kept to the millisecond.
/// </summary>
internal interface IRefreshStore
{
    /// <summary>
    /// Puts videos on the schedule. MUST keep what it has for a video that was looked at later than this,
    /// and MUST NOT take a video out of an open batch.
    /// </summary>
    Task ScheduleAsync(string labId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken);

    /// <summary>Videos in no open batch that are due, the earliest deadline first, then by id; starts behind <paramref name="after"/>.</summary>
    Task<IReadOnlyList<ScheduledVideo>> ListDueAsync(string labId, DateTimeOffset now, SchedulePosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Videos in no open batch that were uploaded on these days, the next due first.</summary>
    Task<IReadOnlyList<ScheduledVideo>> ListNextAsync(string labId, DateOnly from, DateOnly to, int limit, CancellationToken cancellationToken);

    /// <summary>Videos in no open batch that were uploaded on these days and wait for light (<see cref="ScheduledVideo.DarkSince"/>), in no order.</summary>
    Task<IReadOnlyList<ScheduledVideo>> ListDarkAsync(string labId, DateOnly from, DateOnly to, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a batch of those videos that are on the schedule and in no open batch; decides and writes in one step.
    /// Answers null, and opens nothing, when there is none.
    /// </summary>
    Task<OpenBatch?> OpenAsync(string labId, string refreshId, RefreshBatch batch, CancellationToken cancellationToken);

    /// <summary>Notes that the collector took a batch. MUST do nothing when it is not open.</summary>
    Task MarkHandedOverAsync(string labId, string refreshId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Open batches that the collector did not take since <paramref name="since"/>, the oldest first.</summary>
    Task<IReadOnlyList<OpenBatch>> ListOpenAsync(string labId, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>An open batch; null when it is not open.</summary>
    Task<OpenBatch?> FindOpenAsync(string labId, string refreshId, CancellationToken cancellationToken);

    /// <summary>Closes a batch and schedules its videos, as <see cref="ScheduleAsync"/> does, in one step. MUST do nothing when it is not open.</summary>
    Task CloseAsync(string labId, string refreshId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken);

    /// <summary>What is known of these videos and comments, in no order; who is not known is left out.</summary>
    Task<IReadOnlyList<KnownVideo>> FindAsync(string labId, IReadOnlyCollection<string> platformIds, CancellationToken cancellationToken);

    /// <summary>Videos and comments that TikTok did not show when it was last asked, by id; starts behind <paramref name="afterId"/>.</summary>
    Task<IReadOnlyList<ScheduledVideo>> ListMissingAsync(string labId, string afterId, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps what came of a check; what is kept stays.</summary>
    Task KeepCheckAsync(string labId, CheckResult result, CancellationToken cancellationToken);

    /// <summary>What came of these checks, in no order; those of which nothing came yet are left out.</summary>
    Task<IReadOnlyList<CheckResult>> FindChecksAsync(string labId, IReadOnlyCollection<string> refreshIds, CancellationToken cancellationToken);

    /// <summary>How many videos are scheduled, due and on their way.</summary>
    Task<ScheduleCounts> CountAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many of the videos in no open batch are due and do not wait for light, by the window of their upload and the hour of their deadline, in no order.</summary>
    Task<IReadOnlyList<DueVideos>> CountDueAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many of the videos in no open batch become due by <paramref name="until"/> and do not wait for light, by the UTC day on which they do, in no order.</summary>
    Task<IReadOnlyList<VideosOfDay>> CountByDueDayAsync(string labId, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Labs that have videos on the schedule.</summary>
    Task<IReadOnlyList<string>> ListLabsAsync(CancellationToken cancellationToken);
}

/// <summary>A place in the list of due videos.</summary>
/// <param name="Deadline">Deadline of the last video.</param>
/// <param name="PlatformId">Id of the last video.</param>
internal sealed record SchedulePosition(DateTimeOffset Deadline, string PlatformId);

/// <summary>Due videos of one window whose deadlines are in one hour.</summary>
/// <param name="Window">First day of the window (<see cref="RefreshBatches.WindowOf"/>).</param>
/// <param name="Deadline">Begin of the hour, UTC.</param>
/// <param name="Videos">How many.</param>
internal sealed record DueVideos(DateOnly Window, DateTimeOffset Deadline, long Videos);

/// <summary>Videos that become due on a UTC day.</summary>
internal sealed record VideosOfDay(DateOnly Day, long Videos);

/// <summary>The schedule in numbers.</summary>
/// <param name="Scheduled">Videos on the schedule.</param>
/// <param name="Due">Due and in no open batch.</param>
/// <param name="Overdue">Past their deadline.</param>
/// <param name="InFlight">In open batches, comments among them.</param>
/// <param name="OpenBatches">Batches without an answer.</param>
/// <param name="NextDueAt">When the first of those in no open batch is due; null when there is none.</param>
internal sealed record ScheduleCounts(long Scheduled, long Due, long Overdue, long InFlight, long OpenBatches, DateTimeOffset? NextDueAt)
{
    /// <summary>Comments that were ever checked.</summary>
    public long Comments { get; init; }

    /// <summary>Videos and comments that TikTok did not show when it was last asked.</summary>
    public long Missing { get; init; }
}
