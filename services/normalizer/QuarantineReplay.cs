using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Tries quarantined items again, from their stored pages: after a new version, or after damage was repaired.</summary>
internal sealed class QuarantineReplay(IRecordStore store, PageIntake intake)
{
    private const int BatchSize = 500;

    /// <summary>Every item of the lab, or only <paramref name="itemId"/>. Returns how many became records and how many stay. Errors: NOT_FOUND.</summary>
    public async Task<(long Released, long Remaining)> RunAsync(string labId, string? itemId, CancellationToken cancellationToken)
    {
        if (itemId is not null)
        {
            var item = await store.FindQuarantinedAsync(labId, itemId, cancellationToken) ?? throw MeshException.NotFound($"Quarantined item {itemId}");
            var release = await intake.ReleaseAsync(labId, item.PageId, itemId, cancellationToken);
            return (release?.Released ?? 0, release?.Remaining ?? 1);
        }

        var released = 0L;
        var remaining = 0L;
        HashSet<string> tried = new(StringComparer.Ordinal);
        QuarantineCursor? after = null;
        for (var batch = await Next(); batch.Count > 0; batch = await Next())
        {
            foreach (var page in batch.Where(item => tried.Add(item.PageId)))
            {
                var release = await intake.ReleaseAsync(labId, page.PageId, itemId: null, cancellationToken);
                released += release?.Released ?? 0;
                remaining += release?.Remaining ?? batch.Count(item => item.PageId == page.PageId);
            }

            after = batch[^1].Cursor;
        }

        return (released, remaining);

        Task<IReadOnlyList<QuarantinedEntry>> Next() => store.ListQuarantinedAsync(labId, after, BatchSize, cancellationToken);
    }
}
