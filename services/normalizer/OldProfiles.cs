namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Keeps what an older version had of profiles as everything else is kept: a document under a pseudonym, and its names with the names.</summary>
internal sealed class OldProfiles(IRecordStore store, PageNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Carries all of them over; each is kept before it is forgotten, so this may be repeated, and several may do it at once.</summary>
    public async Task CarryOverAsync(CancellationToken cancellationToken)
    {
        for (var batch = await store.ListOldProfilesAsync(cancellationToken); batch.Count > 0; batch = await store.ListOldProfilesAsync(cancellationToken))
        {
            foreach (var profile in batch)
            {
                var page = normalizer.Normalize(profile.AsPage());
                if (page.Items.Count > 0)
                {
                    await store.KeepAsync(profile.LabId, page, clock.GetUtcNow(), cancellationToken);
                }

                await store.ForgetOldProfileAsync(profile, cancellationToken);
            }
        }
    }
}
