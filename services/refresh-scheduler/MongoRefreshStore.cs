using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using static IssueObservatory.Mesh.RefreshScheduler.MongoRefreshDocuments;
using static IssueObservatory.Mesh.RefreshScheduler.MongoRefreshQueries;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>The schedule in the database <c>refresh-scheduler</c>; every write is one change of its lab.</summary>
internal sealed class MongoRefreshStore(MongoStore store) : IRefreshStore
{
    public Task ScheduleAsync(string labId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken) =>
        store.WriteAsync(
            labId,
            async change =>
            {
                var schedule = await MongoScheduleChange.ReadAsync(change, labId, videos.Select(video => video.PlatformId), cancellationToken);
                schedule.Schedule(videos);
            },
            cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListDueAsync(string labId, DateTimeOffset now, SchedulePosition? after, int limit, CancellationToken cancellationToken) =>
        ListAsync(labId, Due(labId, now, after, limit), cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListNextAsync(string labId, DateOnly from, DateOnly to, int limit, CancellationToken cancellationToken) =>
        ListAsync(labId, Next(labId, from, to, limit), cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListDarkAsync(string labId, DateOnly from, DateOnly to, int limit, CancellationToken cancellationToken) =>
        ListAsync(labId, Dark(labId, from, to, limit), cancellationToken);

    public Task<OpenBatch?> OpenAsync(string labId, string refreshId, RefreshBatch batch, CancellationToken cancellationToken) =>
        store.WriteAsync(
            labId,
            async change => await FindAsync(change, labId, refreshId, cancellationToken) is { } open
                ? open
                : (await MongoScheduleChange.ReadAsync(change, labId, batch.Videos.Select(video => video.PlatformId), cancellationToken)).Open(refreshId, batch.Checks, batch.Videos),
            cancellationToken);

    public Task MarkHandedOverAsync(string labId, string refreshId, DateTimeOffset at, CancellationToken cancellationToken) =>
        store.WriteAsync(
            labId,
            async change =>
            {
                if (await FindOpenDocumentAsync(change, labId, refreshId, cancellationToken) is { } batch)
                {
                    batch["handed_over_at"] = at.ToUnixTimeMilliseconds();
                    change.Put(MongoRefreshSchema.Batches, batch);
                }
            },
            cancellationToken);

    public Task<IReadOnlyList<OpenBatch>> ListOpenAsync(string labId, DateTimeOffset since, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<OpenBatch>>(
            labId,
            async reading =>
            {
                List<OpenBatch> open = [];
                foreach (var batch in await reading.QueryAsync(MongoRefreshSchema.Batches, Open(labId, since), cancellationToken))
                {
                    open.Add(await ReadAsync(reading, labId, batch, cancellationToken));
                }

                return open;
            },
            cancellationToken);

    public Task<OpenBatch?> FindOpenAsync(string labId, string refreshId, CancellationToken cancellationToken) =>
        store.ReadAsync(labId, reading => FindAsync(reading, labId, refreshId, cancellationToken), cancellationToken);

    public Task CloseAsync(string labId, string refreshId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken) =>
        store.WriteAsync(
            labId,
            async change =>
            {
                if (await FindOpenDocumentAsync(change, labId, refreshId, cancellationToken) is { } batch)
                {
                    var ids = MongoScheduleChange.IdsOf(batch).Concat(videos.Select(video => video.PlatformId));
                    var schedule = await MongoScheduleChange.ReadAsync(change, labId, ids, cancellationToken);
                    schedule.Close(batch);
                    schedule.Schedule(videos);
                }
            },
            cancellationToken);

    public Task<IReadOnlyList<KnownVideo>> FindAsync(string labId, IReadOnlyCollection<string> platformIds, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<KnownVideo>>(
            labId,
            async reading => [.. (await MongoScheduleChange.VideosAsync(reading, labId, platformIds, cancellationToken)).Select(KnownOf)],
            cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListMissingAsync(string labId, string afterId, int limit, CancellationToken cancellationToken) =>
        ListAsync(labId, Missing(labId, afterId, limit), cancellationToken);

    public Task KeepCheckAsync(string labId, CheckResult result, CancellationToken cancellationToken) =>
        store.WriteAsync(
            labId,
            async change =>
            {
                if (await change.FindAsync(MongoRefreshSchema.Checks, KeyOf(labId, result.RefreshId), cancellationToken) is null)
                {
                    change.Put(MongoRefreshSchema.Checks, Of(labId, result));
                }
            },
            cancellationToken);

    public Task<IReadOnlyList<CheckResult>> FindChecksAsync(string labId, IReadOnlyCollection<string> refreshIds, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<CheckResult>>(
            labId,
            async reading => [.. (await reading.QueryAsync(MongoRefreshSchema.Checks, ById(refreshIds.Select(id => KeyOf(labId, id))), cancellationToken)).Select(CheckOf)],
            cancellationToken);

    public Task<ScheduleCounts> CountAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.ReadAsync(
            labId,
            async reading =>
            {
                if (await reading.FindAsync(MongoRefreshSchema.Tallies, labId, cancellationToken) is not { } tally)
                {
                    return new ScheduleCounts(0, 0, 0, 0, 0, NextDueAt: null);
                }

                var first = await reading.QueryAsync(MongoRefreshSchema.Schedule, FirstDue(labId), cancellationToken);
                return new ScheduleCounts(
                    tally["scheduled"].AsInt64,
                    await reading.CountAsync(MongoRefreshSchema.Schedule, DueFilter(labId, now), cancellationToken),
                    await reading.CountAsync(MongoRefreshSchema.Schedule, OverdueFilter(labId, now), cancellationToken),
                    tally["in_flight"].AsInt64,
                    tally["open_batches"].AsInt64,
                    first.Count == 0 || TimeOf(first[0]["due_at"]) == RefreshPlan.Never ? null : TimeOf(first[0]["due_at"]))
                {
                    Comments = tally.GetValue("comments", 0L).AsInt64,
                    Missing = await reading.CountAsync(MongoRefreshSchema.Schedule, MissingFilter(labId), cancellationToken),
                };
            },
            cancellationToken);

    public Task<IReadOnlyList<DueVideos>> CountDueAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<DueVideos>>(
            labId,
            async reading => [.. (await reading.AggregateAsync(MongoRefreshSchema.Schedule, MongoRefreshCounts.Due(labId, now), cancellationToken)).Select(MongoRefreshCounts.DueOf)],
            cancellationToken);

    public Task<IReadOnlyList<VideosOfDay>> CountByDueDayAsync(string labId, DateTimeOffset until, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<VideosOfDay>>(
            labId,
            async reading => [.. (await reading.AggregateAsync(MongoRefreshSchema.Schedule, MongoRefreshCounts.ByDueDay(labId, until), cancellationToken)).Select(MongoRefreshCounts.DayOf)],
            cancellationToken);

    /// <summary>Only videos change a lab's schedule for the first time, and none ever leaves it.</summary>
    public Task<IReadOnlyList<string>> ListLabsAsync(CancellationToken cancellationToken) => store.ListLabsAsync(cancellationToken);

    private Task<IReadOnlyList<ScheduledVideo>> ListAsync(string labId, MongoQuery query, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<ScheduledVideo>>(
            labId,
            async reading => [.. (await reading.QueryAsync(MongoRefreshSchema.Schedule, query, cancellationToken)).Select(VideoOf)],
            cancellationToken);

    private static async Task<OpenBatch?> FindAsync(MongoReading reading, string labId, string refreshId, CancellationToken cancellationToken) =>
        await FindOpenDocumentAsync(reading, labId, refreshId, cancellationToken) is { } batch ? await ReadAsync(reading, labId, batch, cancellationToken) : null;

    private static async Task<BsonDocument?> FindOpenDocumentAsync(MongoReading reading, string labId, string refreshId, CancellationToken cancellationToken) =>
        await reading.FindAsync(MongoRefreshSchema.Batches, KeyOf(labId, refreshId), cancellationToken) is { } batch && batch["is_open"].AsBoolean ? batch : null;

    private static async Task<OpenBatch> ReadAsync(MongoReading reading, string labId, BsonDocument batch, CancellationToken cancellationToken) =>
        BatchOf(batch, await MongoScheduleChange.VideosAsync(reading, labId, MongoScheduleChange.IdsOf(batch), cancellationToken));
}
