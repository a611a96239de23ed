using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Fetches pages from the collector.</summary>
internal sealed class GrpcPages(Collector.CollectorClient collector, TimeProvider clock) : IPages
{
    /// <summary>A page has at most 16 MiB and comes from the next room.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<StoredPage?> FindAsync(string labId, string pageId, CancellationToken cancellationToken)
    {
        using var limited = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        try
        {
            return PageOf(await collector.GetPageAsync(new GetPageRequest { PageId = pageId }, GrpcLab.For(labId), cancellationToken: either.Token));
        }
        catch (MeshException missing) when (missing.Reason is ErrorReason.NotFound)
        {
            return null;
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MeshException(ErrorReason.Unavailable, $"The collector did not give page {pageId} within {Patience.TotalSeconds:F0} s.", late);
        }
    }

    private static StoredPage PageOf(GetPageResponse answer) => new()
    {
        PageId = answer.Page.PageId,
        Endpoint = answer.Page.Endpoint,
        Sha256 = answer.Page.Sha256,
        Status = answer.Page.Status,
        FetchedAt = answer.Page.FetchedAt.ToDateTimeOffset(),
        ErrorCode = answer.Page.ErrorCode,
        Body = answer.Body.Memory,
        Clauses = answer.Clauses,
        From = DayOf(answer.Window?.From),
        To = DayOf(answer.Window?.To),
        TikTokSearchId = answer.TiktokSearchId,
        IsRandom = answer.IsRandom,
        Tier = answer.Tier.Length > 0 ? answer.Tier : "free",
        Refresh = answer.Refresh,
        Subject = answer.Subject,
    };

    private static DateOnly? DayOf(string? day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
}
