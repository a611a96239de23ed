using System.Security.Cryptography;
using System.Text;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// Keeps records and documents, observations, matches, the change log and the quarantine of every lab, and apart from them the names.
/// What a method has returned is durable. Nothing of one lab is ever seen by another.
/// </summary>
internal interface IRecordStore
{
    /// <summary>
    /// Keeps a page. MUST be atomic but for the names, which MUST be durable before the rest; MUST change nothing when the page has been kept before,
    /// and answer with the counts of the first time. MUST give each record or document that it makes or changes one place in the lab's change log,
    /// visible together with the record and never before a lower one.
    /// </summary>
    Task<PageOutcome> KeepAsync(string labId, NormalizedPage page, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps those items of a page that are in quarantine and have become readable, and lets them out; only <paramref name="itemId"/> when it is given.
    /// MUST be atomic like <see cref="KeepAsync"/>, and corrects the page's counts.
    /// </summary>
    Task<ReleaseOutcome> ReleaseAsync(string labId, NormalizedPage page, string? itemId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Some of the changes after <paramref name="after"/>: each record and document of the selection, whatever its type, at its latest change only.</summary>
    Task<ChangeBatch> ListChangesAsync(string labId, RecordSelection selection, long after, CancellationToken cancellationToken);

    /// <summary>
    /// Every record of the selections once, by upload time and id (ordinal), or every document of the type that they ask for, by key;
    /// in batches, so that no more than the keys of a selection are in memory at once.
    /// Which records these are MUST be of one moment. A record that changes while the list is read MAY come, and be placed, in its newer form,
    /// or be left out when no selection wants that form's language any more.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<ViewedItem>> ListSortedAsync(string labId, IReadOnlyList<RecordSelection> selections, CancellationToken cancellationToken);

    /// <summary>How many records and documents the selection holds, whatever its type.</summary>
    Task<SelectionCount> CountAsync(string labId, RecordSelection selection, CancellationToken cancellationToken);

    /// <summary>One video, or else one comment; null when the lab has none of that id.</summary>
    Task<StoredRecord?> FindAsync(string labId, string platformId, CancellationToken cancellationToken);

    /// <summary>Items in quarantine, oldest first, at most <paramref name="limit"/>, after <paramref name="after"/> (null: from the first).</summary>
    Task<IReadOnlyList<QuarantinedEntry>> ListQuarantinedAsync(string labId, QuarantineCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>One item in quarantine; null when there is none of that id.</summary>
    Task<QuarantinedEntry?> FindQuarantinedAsync(string labId, string itemId, CancellationToken cancellationToken);

    /// <summary>Some of the profiles that an older version kept, of any lab; empty when there are none, or none any more.</summary>
    Task<IReadOnlyList<OldProfile>> ListOldProfilesAsync(CancellationToken cancellationToken);

    /// <summary>Forgets an old profile that has been kept as everything else is; does nothing when it is not there.</summary>
    Task ForgetOldProfileAsync(OldProfile profile, CancellationToken cancellationToken);

    /// <summary>Remembers, the first time, which scheme and salt made the pseudonyms; true when it is the remembered one.</summary>
    Task<bool> ClaimPseudonymsAsync(string fingerprint, CancellationToken cancellationToken);
}

/// <summary>What became of a page.</summary>
internal sealed record PageOutcome
{
    /// <summary>Whether this was the first time.</summary>
    public required bool FirstTime { get; init; }

    /// <summary>Its counts.</summary>
    public required PageCounts Counts { get; init; }

    /// <summary>Videos of the page that have a record, once each.</summary>
    public required IReadOnlyList<StoredRecord> Videos { get; init; }
}

/// <summary>Counts of a page's items.</summary>
internal sealed record PageCounts(int Received, int New, int Updated, int Unattributed, int Quarantined)
{
    /// <summary>Of a page that has not been kept.</summary>
    public static PageCounts None { get; } = new(0, 0, 0, 0, 0);
}

/// <summary>What became of a page's items in quarantine.</summary>
/// <param name="Released">Items that became records.</param>
/// <param name="Remaining">Items that stay, of those that were tried.</param>
/// <param name="Outcome">The page's counts as they are now.</param>
internal sealed record ReleaseOutcome(int Released, int Remaining, PageOutcome Outcome);

/// <summary>An item in quarantine.</summary>
internal sealed record QuarantinedEntry(string ItemId, string PageId, int Position, string Reason, DateTimeOffset QuarantinedAt)
{
    /// <summary>The same item has the same id, however often its page comes.</summary>
    public static string IdOf(string labId, string pageId, int position) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{labId}/{pageId}/{position}")))[..32];

    /// <summary>Where a list goes on behind this item.</summary>
    public QuarantineCursor Cursor => new(QuarantinedAt.ToUnixTimeMilliseconds(), ItemId);
}

/// <summary>A place in the list of the quarantine.</summary>
internal readonly record struct QuarantineCursor(long At, string ItemId);
