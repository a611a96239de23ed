using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Announces refreshes that have ended; what was not returned is said only of days for which TikTok answered to the end.</summary>
internal sealed class RefreshAnswers(ICollectorStore store, IEvents events)
{
    /// <summary>Announces them; what the bus does not take now is announced by the next sweep.</summary>
    public async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AnnounceAllAsync(cancellationToken);
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
            // Readiness says that the bus is away.
        }
    }

    private async Task AnnounceAllAsync(CancellationToken cancellationToken)
    {
        foreach (var refresh in (await store.ListEndedRefreshesAsync(cancellationToken)).GroupBy(ended => (ended.Search.LabId, ended.Search.RefreshId)))
        {
            await events.PublishAsync(Of([.. refresh], await store.ReadBlackoutsAsync(ClauseClass.Id, cancellationToken)), cancellationToken);
            await Failpoints.HitAsync(FailpointNames.CollectorAfterRefreshPublished, cancellationToken);
            foreach (var ended in refresh)
            {
                await store.MarkAnnouncedAsync(ended.Search.LabId, ended.Search.SearchId, cancellationToken);
            }
        }
    }

    /// <summary>What became of a refresh, over all its searches. Days that are dark take nothing from the others: their videos are told apart.</summary>
    internal static RefreshAnswered Of(IReadOnlyList<EndedRefresh> searches, ClassBlackouts known)
    {
        var first = searches[0];
        var covered = searches.SelectMany(ended => ended.Covered?.Each() ?? []).ToHashSet();
        var isCheck = first.Search.IsCheck;
        var answered = isCheck ? searches.All(ended => ended.Answered) : covered.Count > 0;
        var window = searches.Select(ended => ended.Search.Window).Aggregate((one, other) => one.Union(other));
        IReadOnlyList<string> missing = !answered ? []
            : isCheck ? [.. first.Search.VideoIds.Except(first.Returned, StringComparer.Ordinal)]
            : RefreshedDays.Missing(first.Search.VideoIds, first.Returned, window, covered);
        return new()
        {
            LabId = first.Search.LabId,
            RefreshId = first.Search.RefreshId,
            Answered = answered,
            ReadAt = first.ReadAt,
            Returned = answered ? first.Returned : [],
            Missing = missing,
            Dark = isCheck ? [] : RefreshedDays.Dark(first.Search.VideoIds.Except(first.Returned, StringComparer.Ordinal).Except(missing, StringComparer.Ordinal), window, known),
            Failure = answered ? "" : searches.Select(ended => ended.Failure).FirstOrDefault(failure => failure.Length > 0) ?? "",
        };
    }
}
