using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Fetches a page, decides what it says, and tells the mesh once that is durable.</summary>
internal sealed partial class PageIntake(
    PseudonymCheck pseudonyms, IPages pages, PageNormalizer normalizer, IRecordStore store, IEvents events, TimeProvider clock, ILogger<PageIntake> logger)
{
    /// <summary>Keeps a page; safe to repeat.</summary>
    public async Task KeepAsync(string labId, string pageId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(labId, pageId, cancellationToken) is not { } page)
        {
            Log.PageIsGone(logger, pageId);
            return;
        }

        await Failpoints.HitAsync(FailpointNames.NormalizerAfterRead, cancellationToken);
        var outcome = await store.KeepAsync(labId, page, clock.GetUtcNow(), cancellationToken);
        await Failpoints.HitAsync(FailpointNames.NormalizerAfterKeep, cancellationToken);
        if (outcome.FirstTime)
        {
            NormalizerMetrics.Kept(page.Type, outcome.Counts);
            Log.Kept(logger, pageId, outcome.Counts.New, outcome.Counts.Updated, outcome.Counts.Quarantined);
        }

        await AnnounceAsync(labId, page, outcome, cancellationToken);
        await Failpoints.HitAsync(FailpointNames.NormalizerAfterPublish, cancellationToken);
    }

    /// <summary>Tries a page's items in quarantine again; only <paramref name="itemId"/> when it is given. Null when the page is gone.</summary>
    public async Task<ReleaseOutcome?> ReleaseAsync(string labId, string pageId, string? itemId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(labId, pageId, cancellationToken) is not { } page)
        {
            Log.PageIsGone(logger, pageId);
            return null;
        }

        var release = await store.ReleaseAsync(labId, page, itemId, clock.GetUtcNow(), cancellationToken);
        if (release.Released > 0)
        {
            NormalizerMetrics.Released(release.Released);
            await AnnounceAsync(labId, page, release.Outcome, cancellationToken);
        }

        return release;
    }

    private async Task<NormalizedPage?> ReadAsync(string labId, string pageId, CancellationToken cancellationToken)
    {
        await pseudonyms.RequireAsync(cancellationToken);
        var page = await pages.FindAsync(labId, pageId, cancellationToken);
        if (page is { IsIntact: false })
        {
            // Damaged on the way or at rest? One more look tells.
            page = await pages.FindAsync(labId, pageId, cancellationToken);
        }

        return page is null ? null : normalizer.Normalize(page);
    }

    private Task AnnounceAsync(string labId, NormalizedPage page, PageOutcome outcome, CancellationToken cancellationToken) =>
        events.PublishAsync(
            new PageNormalized
            {
                LabId = labId,
                PageId = page.PageId,
                Received = outcome.Counts.Received,
                New = outcome.Counts.New,
                Updated = outcome.Counts.Updated,
                Unattributed = outcome.Counts.Unattributed,
                Quarantined = outcome.Counts.Quarantined,
                Videos = [.. outcome.Videos.Select(video => new NormalizedVideo { PlatformId = video.PlatformId, PublishedAt = video.PublishedAt, ReadAt = page.FetchedAt })],
                Matches = MatchesOf(page),
            },
            cancellationToken);

    /// <summary>What the page said, whatever became of it: the same however often it is announced.</summary>
    private static IReadOnlyList<MatchedVideos> MatchesOf(NormalizedPage page) =>
    [
        .. from item in page.Items
           from match in item.Matches
           where match.Attributed
           group item by (match.ClauseId, item.Day) into same
           select new MatchedVideos { ClauseId = same.Key.ClauseId, Day = same.Key.Day, Videos = same.Select(item => item.Stored.Key).Distinct(StringComparer.Ordinal).Count() },
    ];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Page {PageId}: {New} new records, {Updated} known, {Quarantined} items in quarantine.")]
        public static partial void Kept(ILogger logger, string pageId, int @new, int updated, int quarantined);

        [LoggerMessage(LogLevel.Warning, "Page {PageId} does not exist any more; nothing is made of it.")]
        public static partial void PageIsGone(ILogger logger, string pageId);
    }
}
