using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The collector's calls for other services.</summary>
internal sealed class CollectorGrpc(ICollectorStore store, ICredentials credentials, RecordStreams records, AwakeWork awake, Wakeups wakeups, CollectorOptions options, TimeProvider time) : V1.Collector.CollectorBase
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
        var now = time.GetUtcNow();
        var search = new Search
        {
            LabId = context.Identity().LabId,
            SearchId = request.RefreshId,
            RefreshId = request.RefreshId,
            Kind = SearchKind.Refresh,
            Class = ClauseClass.Id,
            Window = request.Compliance ? new(Days.DayOf(now), Days.DayOf(now)) : Days.Of(request.Window),
            VideoIds = [.. request.Compliance ? request.VideoIds.Distinct(StringComparer.Ordinal) : request.VideoIds],
            Checks = request.Checks,
            Priority = Priority.Refresh,
            CreatedAt = now,
            TraceParent = System.Diagnostics.Activity.Current?.Id ?? "",
        };
        if (search.IsCheck)
        {
            // Somebody waits for the answer, and without a credential it would never come.
            await credentials.PickAsync(search.LabId, context.CancellationToken);
        }

        awake.Wake(request.RefreshId);
        await store.SubmitRefreshAsync(search, context.CancellationToken);
        wakeups.Wake();
        return new();
    }

    public override async Task ListKeptItems(ListKeptItemsRequest request, IServerStreamWriter<ListKeptItemsResponse> responseStream, ServerCallContext context)
    {
        await foreach (var item in records.ListItemsAsync(context.Identity().LabId, request.CollectionId, context.CancellationToken))
        {
            await responseStream.WriteAsync(new() { Item = item }, context.CancellationToken);
        }
    }

    private void Check(SubmitRefreshRequest request)
    {
        List<FieldViolation> violations = [];
        if (!Guid.TryParse(request.RefreshId, out _))
        {
            violations.Add(new("refresh_id", "refresh_id must be a UUID"));
        }

        var most = request.Compliance ? ValidationTaskRequest.MostIds : options.MaxIds;
        if (request.VideoIds.Count is 0 || request.VideoIds.Count > most)
        {
            violations.Add(new("video_ids", $"video_ids must be 1 to {most} ids, {request.VideoIds.Count} were given"));
        }

        if (request.VideoIds.Select(id => VideoQueryValidator.ExplainValue(ConditionField.VideoId, id)).OfType<string>().FirstOrDefault() is { } why)
        {
            violations.Add(new("video_ids", $"video_ids must be ids; {why}"));
        }

        violations.AddRange(request.Compliance ? OfCheck(request) : OfRead(request));
        if (violations.Count > 0)
        {
            throw MeshException.BadInput(violations);
        }
    }

    private static IEnumerable<FieldViolation> OfCheck(SubmitRefreshRequest request)
    {
        if (request.Window is not null)
        {
            yield return new("window", "window must be left out with compliance: ids are checked whenever they were posted");
        }

        if (request.Checks is not (CheckedItems.Videos or CheckedItems.Comments))
        {
            yield return new("checks", "checks must be VIDEOS or COMMENTS with compliance");
        }
    }

    private static IEnumerable<FieldViolation> OfRead(SubmitRefreshRequest request)
    {
        if (request.Checks is not CheckedItems.Unspecified)
        {
            yield return new("checks", "checks must be left out without compliance");
        }

        if (request.Window is null
            || !DateOnly.TryParseExact(request.Window.From, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            || !DateOnly.TryParseExact(request.Window.To, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to)
            || new Days(from, to).Count is < 1 or > 31)
        {
            yield return new("window", "window must be 1 to 31 days, YYYY-MM-DD");
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
