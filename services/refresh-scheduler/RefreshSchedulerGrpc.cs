using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>The calls of the refresh-scheduler.</summary>
internal sealed class RefreshSchedulerGrpc(IRefreshStore store, RefreshRun run, RefreshMetrics metrics, TimeProvider clock) : V1.RefreshScheduler.RefreshSchedulerBase
{
    private const int DefaultPageSize = 100;
    private const int LargestPageSize = 1000;

    public override async Task<ListDueVideosResponse> ListDueVideos(ListDueVideosRequest request, ServerCallContext context)
    {
        if (request.PageSize < 0)
        {
            throw MeshException.BadInput("page_size", "page_size must be 0 (for 100) or more.");
        }

        var size = request.PageSize == 0 ? DefaultPageSize : Math.Min(request.PageSize, LargestPageSize);
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
        };
    }

    private static DueVideo ToMessage(ScheduledVideo video) => new()
    {
        PlatformId = video.PlatformId,
        PublishedAt = video.PublishedAt.ToTimestamp(),
        LastReadAt = video.LastReadAt.ToTimestamp(),
        DueAt = video.DueAt.ToTimestamp(),
        Deadline = video.Deadline.ToTimestamp(),
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

        throw MeshException.BadInput("page_token", "page_token must be empty or the next_page_token of the page before.");
    }
}
