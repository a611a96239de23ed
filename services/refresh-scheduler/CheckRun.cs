using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>
/// Lets TikTok say which videos and comments it still shows. What was looked at within a day is left out, so that a run that was interrupted
/// goes on with the rest; its open checks are handed over again, which is the same check for the collector.
/// </summary>
internal sealed class CheckRun(IRefreshStore store, IKeptItems kept, RefreshRun run, TimeProvider clock)
{
    /// <summary>Items that are looked up in one go.</summary>
    private const int Portion = 1_000;

    /// <summary>TikTok's codes for a credential that may not check.</summary>
    private static readonly string[] Forbidden = ["scope_not_authorized", "scope_permission_missed"];

    /// <summary>Checks a collection, or the lab when it is empty; with <paramref name="dryRun"/> it only counts.</summary>
    public async Task<CheckRunOutcome> RunAsync(string labId, string collectionId, bool all, bool dryRun, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var outcome = new CheckRunOutcome();
        foreach (var open in await OpenChecksAsync(labId, cancellationToken))
        {
            outcome.Count(open.Checks, open.Videos.Count);
            outcome.CheckIds.Add(open.RefreshId);
        }

        Dictionary<CheckedItems, List<ScheduledVideo>> waiting = new() { [CheckedItems.Videos] = [], [CheckedItems.Comments] = [] };
        await foreach (var portion in kept.ListAsync(labId, collectionId, cancellationToken).Chunk(Portion).WithCancellation(cancellationToken))
        {
            foreach (var video in await ChooseAsync(labId, portion, now, all, dryRun, outcome, cancellationToken))
            {
                var checks = video.IsComment ? CheckedItems.Comments : CheckedItems.Videos;
                waiting[checks].Add(video);
                if (waiting[checks].Count == RefreshBatch.LargestCheck)
                {
                    await OpenAsync(labId, checks, waiting[checks], dryRun, outcome, cancellationToken);
                    waiting[checks].Clear();
                }
            }
        }

        foreach (var (checks, videos) in waiting.Where(rest => rest.Value.Count > 0))
        {
            await OpenAsync(labId, checks, videos, dryRun, outcome, cancellationToken);
        }

        foreach (var batch in dryRun ? [] : RefreshBatches.ToHandOver(await OpenChecksAsync(labId, cancellationToken), RefreshPlan.Never))
        {
            await run.HandOverAsync(labId, batch, cancellationToken);
        }

        return outcome;
    }

    /// <summary>
    /// A check has its answer: the others follow. They come to nothing without a request when the credential may not check. Nothing happens when the answer was
    /// about something else.
    /// </summary>
    public async Task GoOnAsync(RefreshAnswered answer, CancellationToken cancellationToken)
    {
        if (await store.FindChecksAsync(answer.LabId, [answer.RefreshId], cancellationToken) is not [var ended])
        {
            return;
        }

        foreach (var batch in (await OpenChecksAsync(answer.LabId, cancellationToken)).Where(batch => batch.HandedOverAt is null))
        {
            if (Forbidden.Contains(ended.Failure, StringComparer.Ordinal))
            {
                await store.KeepCheckAsync(answer.LabId, ended with { RefreshId = batch.RefreshId, Checks = batch.Checks, Items = batch.Videos.Count }, cancellationToken);
                await store.CloseAsync(answer.LabId, batch.RefreshId, batch.Videos, cancellationToken);
            }
            else
            {
                await run.HandOverAsync(answer.LabId, batch, cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<OpenBatch>> OpenChecksAsync(string labId, CancellationToken cancellationToken) =>
        [.. (await store.ListOpenAsync(labId, RefreshPlan.Never, cancellationToken)).Where(batch => batch.IsCheck)];

    private async Task<IReadOnlyList<ScheduledVideo>> ChooseAsync(
        string labId, IReadOnlyList<KeptItem> items, DateTimeOffset now, bool all, bool dryRun, CheckRunOutcome outcome, CancellationToken cancellationToken)
    {
        var known = (await store.FindAsync(labId, [.. items.Select(item => item.PlatformId)], cancellationToken)).ToDictionary(each => each.Video.PlatformId, StringComparer.Ordinal);
        var unknown = items.Where(item => !known.ContainsKey(item.PlatformId)).Select(Of).ToList();
        if (unknown.Count > 0 && !dryRun)
        {
            await store.ScheduleAsync(labId, unknown, cancellationToken);
        }

        List<ScheduledVideo> chosen = [];
        foreach (var each in known.Values.Concat(unknown.Select(video => new KnownVideo(video, ""))))
        {
            if (each.RefreshId.Length == 0 && RefreshPlan.WantsCheck(each.Video, now, all))
            {
                chosen.Add(each.Video);
            }
            else if (!outcome.CheckIds.Contains(each.RefreshId))
            {
                outcome.LeftOut++;
            }
        }

        return chosen;
    }

    private async Task OpenAsync(string labId, CheckedItems checks, IReadOnlyList<ScheduledVideo> videos, bool dryRun, CheckRunOutcome outcome, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            outcome.Count(checks, videos.Count);
        }
        else if (await store.OpenAsync(labId, Guid.NewGuid().ToString("N"), new() { Checks = checks, Videos = [.. videos] }, cancellationToken) is { } open)
        {
            await Failpoints.HitAsync(FailpointNames.SchedulerAfterOpen, cancellationToken);
            outcome.Count(checks, open.Videos.Count);
            outcome.CheckIds.Add(open.RefreshId);
        }
    }

    private static ScheduledVideo Of(KeptItem item) => item.Kind is CheckedItems.Comments
        ? RefreshPlan.Comment(item.PlatformId, item.ReadAt.ToDateTimeOffset())
        : RefreshPlan.Read(item.PlatformId, item.PublishedAt.ToDateTimeOffset(), item.ReadAt.ToDateTimeOffset());
}

/// <summary>What a run of checks comes to.</summary>
internal sealed class CheckRunOutcome
{
    /// <summary>Videos in its batches.</summary>
    public long Videos { get; private set; }

    /// <summary>Comments in its batches.</summary>
    public long Comments { get; private set; }

    /// <summary>Batches.</summary>
    public int Batches { get; private set; }

    /// <summary>Items that were looked at within a day, or are on their way to be read.</summary>
    public long LeftOut { get; set; }

    /// <summary>Its checks, those that were open before first.</summary>
    public IList<string> CheckIds { get; } = [];

    /// <summary>One batch more.</summary>
    public void Count(CheckedItems checks, int items)
    {
        Batches++;
        if (checks is CheckedItems.Comments)
        {
            Comments += items;
        }
        else
        {
            Videos += items;
        }
    }
}
