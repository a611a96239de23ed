using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>The calls of the refresh-scheduler.</summary>
internal sealed class RefreshSchedulerGrpc(IRefreshStore store, RefreshRun run, CheckRun checks, RefreshDemands demands, RefreshMetrics metrics, TimeProvider clock) : V1.RefreshScheduler.RefreshSchedulerBase
{
    private const int DefaultPageSize = 100;
    private const int LargestPageSize = 1000;
    private const int MostChecks = 1000;

    public override async Task<ListDueVideosResponse> ListDueVideos(ListDueVideosRequest request, ServerCallContext context)
    {
        var size = PageSize(request.PageSize);
        var videos = await store.ListDueAsync(context.Identity().LabId, clock.GetUtcNow(), ReadToken(request.PageToken), size + 1, context.CancellationToken);
        var response = new ListDueVideosResponse { Videos = { videos.Take(size).Select(ToMessage) } };
        if (videos.Count > size)
        {
            response.NextPageToken = Token(videos[size - 1]);
        }

        return response;
    }

    public override async Task<RunRefreshResponse> RunRefresh(RunRefreshRequest request, ServerCallContext context)
    {
        if (request.MaxUnits < 0)
        {
            throw MeshException.BadInput("max_units", "max_units must be 0 (for as many as needed) or more.");
        }

        var labId = context.Identity().LabId;
        var outcome = await run.RunAsync(labId, request.All, request.MaxUnits == 0 ? int.MaxValue : request.MaxUnits, context.CancellationToken);
        metrics.Due(labId, (await store.CountAsync(labId, clock.GetUtcNow(), context.CancellationToken)).Due);
        return new() { Batches = outcome.Batches, Videos = outcome.Videos, Left = outcome.Left };
    }

    public override async Task<VerifyRecordsResponse> VerifyRecords(VerifyRecordsRequest request, ServerCallContext context)
    {
        var outcome = await checks.RunAsync(context.Identity().LabId, request.CollectionId, request.All, request.DryRun, context.CancellationToken);
        var response = new VerifyRecordsResponse
        {
            Videos = outcome.Videos,
            Comments = outcome.Comments,
            Batches = outcome.Batches,
            LikelyUnits = (long)outcome.Batches * RefreshBatch.UnitsOfCheck,
            LeftOut = outcome.LeftOut,
        };
        response.CheckIds.Add(request.DryRun ? [] : outcome.CheckIds);
        return response;
    }

    public override async Task<GetChecksResponse> GetChecks(GetChecksRequest request, ServerCallContext context)
    {
        if (request.CheckIds.Count > MostChecks)
        {
            throw MeshException.BadInput("check_ids", $"check_ids must be at most {MostChecks} ids, {request.CheckIds.Count} were given.");
        }

        var labId = context.Identity().LabId;

        // Open ones are looked for first: a check that ends meanwhile is found among the results.
        Dictionary<string, OpenBatch> open = new(StringComparer.Ordinal);
        foreach (var batch in await store.ListOpenAsync(labId, RefreshPlan.Never, context.CancellationToken))
        {
            open[batch.RefreshId] = batch;
        }

        var results = (await store.FindChecksAsync(labId, request.CheckIds, context.CancellationToken)).ToDictionary(result => result.RefreshId, StringComparer.Ordinal);
        var response = new GetChecksResponse();
        response.Checks.Add(request.CheckIds.Select(id =>
            results.TryGetValue(id, out var result) ? ToMessage(result)
            : open.TryGetValue(id, out var batch) ? new Check { CheckId = id, Checks = batch.Checks, State = CheckState.Open, Items = batch.Videos.Count }
            : throw MeshException.NotFound($"Check {id}")));
        return response;
    }

    public override async Task<ListMissingItemsResponse> ListMissingItems(ListMissingItemsRequest request, ServerCallContext context)
    {
        var size = PageSize(request.PageSize);
        if (!request.PageToken.All(char.IsAsciiDigit))
        {
            throw BadToken();
        }

        var missing = await store.ListMissingAsync(context.Identity().LabId, request.PageToken, size + 1, context.CancellationToken);
        return new()
        {
            Items =
            {
                missing.Take(size).Select(video => new MissingItem
                {
                    PlatformId = video.PlatformId,
                    Kind = video.IsComment ? CheckedItems.Comments : CheckedItems.Videos,
                    MissedAt = video.MissedAt?.ToTimestamp(),
                    LookedAt = video.LookedAt.ToTimestamp(),
                }),
            },
            NextPageToken = missing.Count > size ? missing[size - 1].PlatformId : "",
        };
    }

    public override async Task<GetRefreshStatusResponse> GetRefreshStatus(GetRefreshStatusRequest request, ServerCallContext context)
    {
        var counts = await store.CountAsync(context.Identity().LabId, clock.GetUtcNow(), context.CancellationToken);
        return new()
        {
            Scheduled = counts.Scheduled,
            Due = counts.Due,
            Overdue = counts.Overdue,
            InFlight = counts.InFlight,
            NextDueAt = counts.NextDueAt?.ToTimestamp(),
            Comments = counts.Comments,
            Missing = counts.Missing,
        };
    }

    public override async Task<GetRefreshForecastResponse> GetRefreshForecast(GetRefreshForecastRequest request, ServerCallContext context)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var days = await demands.ForecastAsync(context.Identity().LabId, now, context.CancellationToken);
        return new()
        {
            Days = { days.Select((units, ahead) => new RefreshForecastDay { Day = today.AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Units = units }) },
        };
    }

    private static int PageSize(int asked) => asked switch
    {
        < 0 => throw MeshException.BadInput("page_size", "page_size must be 0 (for 100) or more."),
        0 => DefaultPageSize,
        _ => Math.Min(asked, LargestPageSize),
    };

    private static Check ToMessage(CheckResult result) => new()
    {
        CheckId = result.RefreshId,
        Checks = result.Checks,
        State = result.Answered ? CheckState.Answered : CheckState.Unanswered,
        Items = result.Items,
        Alive = result.Alive,
        Missing = { result.Missing },
        Failure = result.Failure,
    };

    private static DueVideo ToMessage(ScheduledVideo video) => new()
    {
        PlatformId = video.PlatformId,
        PublishedAt = video.PublishedAt.ToTimestamp(),
        LastReadAt = video.LastReadAt.ToTimestamp(),
        DueAt = video.DueAt.ToTimestamp(),
        Deadline = video.Deadline.ToTimestamp(),
        LastVerifiedAt = video.VerifiedAt?.ToTimestamp(),
    };

    private static string Token(ScheduledVideo last) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{last.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)} {last.PlatformId}"));

    private static SchedulePosition? ReadToken(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ') is [var deadline, var platformId]
            && long.TryParse(deadline, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), platformId);
        }

        throw BadToken();
    }

    private static MeshException BadToken() => MeshException.BadInput("page_token", "page_token must be empty or the next_page_token of the page before.");
}
