using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The collector's calls for other services.</summary>
internal sealed class CollectorGrpc(ICollectorStore store, AwakeWork awake, Wakeups wakeups, CollectorOptions options, TimeProvider time) : V1.Collector.CollectorBase
{
    public override async Task<GetPageResponse> GetPage(GetPageRequest request, ServerCallContext context)
    {
        var found = await store.FindPageAsync(context.Identity().LabId, request.PageId, context.CancellationToken) ?? throw MeshException.NotFound($"Page {request.PageId}");
        var response = new GetPageResponse
        {
            Page = Info(found.Page),
            Body = UnsafeByteOperations.UnsafeWrap(found.Page.Body),
            Window = found.Search.Window.ToRange(),
            TiktokSearchId = found.Page.TikTokSearchId,
            Tier = "free",
            IsRandom = found.Search.Sample > 0,
            Refresh = found.Search.Kind is SearchKind.Refresh,
            Subject = found.Search.Kind is SearchKind.List ? found.Search.List.Subject : "",
        };
        response.Clauses.Add(found.Search.Questions);
        return response;
    }

    public override async Task<ListPagesResponse> ListPages(ListPagesRequest request, ServerCallContext context)
    {
        var limit = request.PageSize <= 0 ? 100 : Math.Min(request.PageSize, 1000);
        var after = request.PageToken.Length == 0 ? 0
            : long.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence
            : throw MeshException.BadInput("page_token", "page_token must be a next_page_token of this call, or empty");
        var pages = await store.ListPagesAsync(context.Identity().LabId, request.OnlyUnanswered, after, limit, context.CancellationToken);
        var response = new ListPagesResponse { NextPageToken = pages.Count == limit ? pages[^1].Sequence.ToString(CultureInfo.InvariantCulture) : "" };
        response.Pages.Add(pages.Select(Info));
        return response;
    }

    public override async Task<SubmitRefreshResponse> SubmitRefresh(SubmitRefreshRequest request, ServerCallContext context)
    {
        Check(request);
        var search = new Search
        {
            LabId = context.Identity().LabId,
            SearchId = request.RefreshId,
            RefreshId = request.RefreshId,
            Kind = SearchKind.Refresh,
            Class = ClauseClass.Id,
            Window = Days.Of(request.Window),
            VideoIds = [.. request.VideoIds],
            Priority = Priority.Refresh,
            CreatedAt = time.GetUtcNow(),
            TraceParent = System.Diagnostics.Activity.Current?.Id ?? "",
        };
        awake.Wake(request.RefreshId);
        await store.SubmitRefreshAsync(search, context.CancellationToken);
        wakeups.Wake();
        return new();
    }

    private void Check(SubmitRefreshRequest request)
    {
        List<FieldViolation> violations = [];
        if (!Guid.TryParse(request.RefreshId, out _))
        {
            violations.Add(new("refresh_id", "refresh_id must be a UUID"));
        }

        if (request.VideoIds.Count is 0 || request.VideoIds.Count > options.MaxIds)
        {
            violations.Add(new("video_ids", $"video_ids must be 1 to {options.MaxIds} ids, {request.VideoIds.Count} were given"));
        }

        if (request.VideoIds.Select(id => VideoQueryValidator.ExplainValue(ConditionField.VideoId, id)).OfType<string>().FirstOrDefault() is { } why)
        {
            violations.Add(new("video_ids", $"video_ids must be ids; {why}"));
        }

        if (request.Window is null
            || !DateOnly.TryParseExact(request.Window.From, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            || !DateOnly.TryParseExact(request.Window.To, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to)
            || new Days(from, to).Count is < 1 or > 31)
        {
            violations.Add(new("window", "window must be 1 to 31 days, YYYY-MM-DD"));
        }

        if (violations.Count > 0)
        {
            throw MeshException.BadInput(violations);
        }
    }

    private static PageInfo Info(RawPage page) => new()
    {
        PageId = page.PageId,
        SearchId = page.SearchId,
        Endpoint = page.Endpoint,
        Sha256 = page.Sha256,
        Status = page.Status,
        FetchedAt = page.FetchedAt.ToTimestamp(),
        ErrorCode = page.ErrorCode,
        LogId = page.LogId,
        Cursor = page.Cursor,
        Attempt = page.Attempt,
        Normalized = page.Normalized,
    };
}
