using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The front for callers. This part: the arena and its collections; streams of records are in a file of their own.</summary>
internal sealed partial class TikTokArenaGrpc(
    CollectionCommands commands,
    CollectionReports reports,
    RecordStreams records,
    BlackoutReports blackouts,
    SupportDesk support,
    IQuota quota,
    ICredentials credentials,
    Wakeups wakeups,
    CollectorOptions options,
    TimeProvider time) : TikTokArena.TikTokArenaBase
{
    /// <summary>An idle stream says that it is alive.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly string Version = typeof(TikTokArenaGrpc).Assembly.GetName().Version?.ToString(3) ?? "0";

    public override async Task<DescribeArenaResponse> DescribeArena(DescribeArenaRequest request, ServerCallContext context)
    {
        var budget = await quota.GetAsync(context.Identity().LabId, QuotaBucket.Research, context.CancellationToken);
        return new()
        {
            Arena = "social_media",
            Platform = "tiktok",
            Tiers = { Tiers.All.Select(tier => new Tier { Name = tier, Available = Tiers.Reason(tier).Length == 0, Reason = Tiers.Reason(tier) }) },
            TemporalMode = "historical",
            Kinds = { "terms", "actors", "videos", "query", ListEndpoints.Kinds },
            MaxWindowDays = options.WindowDays,
            MaxPageSize = VideoQueryRequest.LargestPage,
            DailyRequests = budget?.Limit ?? 0,
            IndexLagDays = options.IndexLagDays,
            FirstDay = Days.Text(ApiDate.Earliest),
            Version = Version,
        };
    }

    public override async Task<EstimateCollectionResponse> EstimateCollection(EstimateCollectionRequest request, ServerCallContext context)
    {
        var labId = context.Identity().LabId;
        var (read, plan, history, forecast, overload) = await commands.EstimateAsync(labId, request.Spec, context.CancellationToken);
        var share = await quota.GetAsync(labId, read.Bucket, context.CancellationToken) is { } budget ? new QuotaShare(budget, forecast, context.Identity().Caller, read.Spec.Priority) : null;
        var response = Estimates.Of(read, plan, history, share, options);
        response.RefreshOverload = overload;
        response.ReportedBlackouts.Add(await blackouts.ReportedAsync(plan, context.CancellationToken));
        return response;
    }

    public override async Task<SubmitCollectionResponse> SubmitCollection(SubmitCollectionRequest request, ServerCallContext context)
    {
        var labId = context.Identity().LabId;
        var submitted = await commands.SubmitAsync(labId, context.Identity().Caller, request.RequestId, request.Spec, context.CancellationToken);
        return new() { Status = await reports.StatusAsync(labId, submitted.Collection.CollectionId, context.CancellationToken), Existed = submitted.Existed };
    }

    public override async Task<GetCollectionResponse> GetCollection(GetCollectionRequest request, ServerCallContext context) =>
        new() { Status = await StatusAsync(request.CollectionId, context) };

    public override async Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context)
    {
        var (page, next) = await reports.ListAsync(context.Identity().LabId, request.PageSize, request.PageToken, context.CancellationToken);
        return new() { Collections = { page }, NextPageToken = next };
    }

    public override async Task WatchCollection(WatchCollectionRequest request, IServerStreamWriter<WatchCollectionResponse> responseStream, ServerCallContext context)
    {
        var after = request.AfterSequence == 0 ? -1 : request.AfterSequence;
        await foreach (var status in FollowAsync(request.CollectionId, after, context))
        {
            await responseStream.WriteAsync(new() { Status = status }, context.CancellationToken);
        }
    }

    public override async Task<PauseCollectionResponse> PauseCollection(PauseCollectionRequest request, ServerCallContext context)
    {
        await commands.PauseAsync(context.Identity().LabId, request.CollectionId, context.CancellationToken);
        return new() { Status = await StatusAsync(request.CollectionId, context) };
    }

    public override async Task<ResumeCollectionResponse> ResumeCollection(ResumeCollectionRequest request, ServerCallContext context)
    {
        await commands.ResumeAsync(context.Identity().LabId, request.CollectionId, context.CancellationToken);
        return new() { Status = await StatusAsync(request.CollectionId, context) };
    }

    public override async Task<CancelCollectionResponse> CancelCollection(CancelCollectionRequest request, ServerCallContext context)
    {
        await commands.CancelAsync(context.Identity().LabId, request.CollectionId, context.CancellationToken);
        return new() { Status = await StatusAsync(request.CollectionId, context) };
    }

    public override async Task<UpdateCollectionResponse> UpdateCollection(UpdateCollectionRequest request, ServerCallContext context)
    {
        await commands.UpdateAsync(context.Identity().LabId, request.CollectionId, request.Spec, request.UpdateMask, context.CancellationToken);
        return new() { Status = await StatusAsync(request.CollectionId, context) };
    }

    public override async Task<GetCoverageResponse> GetCoverage(GetCoverageRequest request, ServerCallContext context)
    {
        var facts = await reports.FactsAsync(context.Identity().LabId, request.CollectionId, context.CancellationToken);
        return new() { Spans = { CollectionReports.Coverage(facts) } };
    }

    public override async Task<ListBlackoutsResponse> ListBlackouts(ListBlackoutsRequest request, ServerCallContext context) =>
        await blackouts.ListAsync(context.CancellationToken);

    public override async Task<GetSupportReportResponse> GetSupportReport(GetSupportReportRequest request, ServerCallContext context) =>
        await support.ReportAsync(context.Identity().LabId, request, context.CancellationToken);

    public override async Task<NoteSupportReportResponse> NoteSupportReport(NoteSupportReportRequest request, ServerCallContext context) =>
        await support.NoteAsync(context.Identity().LabId, request, context.CancellationToken);

    public override async Task<CheckHealthResponse> CheckHealth(CheckHealthRequest request, ServerCallContext context)
    {
        var response = new CheckHealthResponse { Arena = "social_media", Platform = "tiktok", CheckedAt = time.GetUtcNow().ToTimestamp(), State = HealthState.Ok };
        try
        {
            await credentials.PickAsync(context.Identity().LabId, context.CancellationToken);
        }
        catch (MeshException missing) when (missing.Reason is ErrorReason.NoCredential or ErrorReason.CredentialRejected or ErrorReason.Unavailable)
        {
            response.State = missing.Reason is ErrorReason.Unavailable ? HealthState.Degraded : HealthState.Down;
            response.Detail = missing.Message;
            return response;
        }

        if (await blackouts.DownSinceAsync(context.CancellationToken) is { } since)
        {
            response.State = HealthState.Degraded;
            response.Detail = string.Create(CultureInfo.InvariantCulture, $"TikTok does not answer (since {since:yyyy-MM-dd HH:mm} UTC)");
        }

        return response;
    }

    private Task<CollectionStatus> StatusAsync(string collectionId, ServerCallContext context) =>
        reports.StatusAsync(context.Identity().LabId, collectionId, context.CancellationToken);

    /// <summary>The status now, after each change, and when idle for a while; ends with the collection.</summary>
    private async IAsyncEnumerable<CollectionStatus> FollowAsync(string collectionId, long afterSequence, ServerCallContext context)
    {
        var sent = afterSequence;
        var sentAt = time.GetUtcNow();
        while (true)
        {
            var wakeup = wakeups.Next;
            var status = await StatusAsync(collectionId, context);
            if (status.Sequence > sent || time.GetUtcNow() - sentAt >= Heartbeat)
            {
                (sent, sentAt) = (status.Sequence, time.GetUtcNow());
                yield return status;
            }

            if (status.State is CollectionState.Complete or CollectionState.CompleteWithGaps or CollectionState.Cancelled or CollectionState.Failed)
            {
                yield break;
            }

            await Wakeups.WaitAsync(wakeup, sentAt + Heartbeat, time, context.CancellationToken);
        }
    }
}
