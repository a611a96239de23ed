using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>One budget: what TikTok counts apart.</summary>
internal readonly record struct QuotaKey(string LabId, string Account, QuotaBucket Bucket);

/// <summary>What is asked for.</summary>
/// <param name="Key">Which budget pays.</param>
/// <param name="Priority">Who waits for it.</param>
/// <param name="RequestId">UUID in the form <c>N</c>; becomes the grant's id, so that a repeated call finds its grant.</param>
internal sealed record QuotaRequest(QuotaKey Key, Priority Priority, string RequestId)
{
    /// <summary>Whose work it is; empty when nobody's in particular.</summary>
    public string Caller { get; init; } = "";

    /// <summary>Since when it is wanted; null: since now. What people wait for counts for the hour in which they asked.</summary>
    public DateTimeOffset? WantedSince { get; init; }
}

/// <summary>Where a grant stands. The numbers are stored.</summary>
internal enum GrantState
{
    /// <summary>Granted, not yet on its way.</summary>
    Reserved = 0,

    /// <summary>On its way.</summary>
    Sent = 1,

    /// <summary>TikTok answered.</summary>
    Answered = 2,

    /// <summary>Sent, and nobody knows more.</summary>
    Unknown = 3,

    /// <summary>Never reached TikTok.</summary>
    NeverSent = 4,

    /// <summary>TikTok asked for a pause and did not count it.</summary>
    RateLimited = 5,

    /// <summary>TikTok said that the day is spent.</summary>
    DaySpent = 6,

    /// <summary>Not marked SENT in time.</summary>
    TakenBack = 7,
}

/// <summary>Permission for one request, with all that is known of it: a line of the journal.</summary>
internal sealed record QuotaGrant
{
    /// <summary>The budget that pays.</summary>
    public required QuotaKey Key { get; init; }

    /// <summary>Its id.</summary>
    public required string GrantId { get; init; }

    /// <summary>Who waits for it.</summary>
    public required Priority Priority { get; init; }

    /// <summary>Whose work it is for; empty when nobody's in particular.</summary>
    public string Caller { get; init; } = "";

    /// <summary>UTC hour in which it was wanted, 0–23; null: that of the grant.</summary>
    public int? WantedHour { get; init; }

    /// <summary>UTC day that it is charged to.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Fencing number.</summary>
    public required long Epoch { get; init; }

    /// <summary>When it was granted.</summary>
    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>Must be marked SENT before this.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where it stands.</summary>
    public GrantState State { get; init; } = GrantState.Reserved;

    /// <summary>Whether its day pays a unit for it; false once the unit was given back.</summary>
    public bool Charged { get; init; } = true;

    /// <summary>Whether TikTok may have counted it on the next day instead, so that this one pays too.</summary>
    public bool Late { get; init; }

    /// <summary>When it was marked SENT.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>When its outcome came.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Whether no outcome is known.</summary>
    public bool IsOpen => State is GrantState.Reserved or GrantState.Sent;
}

/// <summary>How the grants of a budget have followed each other, whatever the day.</summary>
/// <param name="Epoch">Number of the last grant.</param>
/// <param name="Pace">How fast TikTok lets us be.</param>
/// <param name="LastGrantAt">The last grant of any kind.</param>
/// <param name="LastBackgroundAt">The last grant for work that nobody waits for.</param>
internal sealed record Course(long Epoch, Pace Pace, DateTimeOffset? LastGrantAt, DateTimeOffset? LastBackgroundAt)
{
    /// <summary>Of a budget that has granted nothing yet.</summary>
    public static Course Start(double requestsPerSecond) => new(0, Pace.Start(requestsPerSecond), null, null);
}

/// <summary>Everything that a decision about a budget needs.</summary>
internal sealed record BucketState
{
    /// <summary>The budget.</summary>
    public required QuotaKey Key { get; init; }

    /// <summary>How its grants have followed each other.</summary>
    public required Course Course { get; init; }

    /// <summary>Today's units, those on their way included.</summary>
    public required DayUse Today { get; init; }

    /// <summary>Yesterday's units whose outcome came so late that TikTok may have counted them today.</summary>
    public required long CarriedOver { get; init; }

    /// <summary>Grants of yesterday and today without outcome.</summary>
    public required IReadOnlyList<QuotaGrant> Open { get; init; }

    /// <summary>How the budget is shared out.</summary>
    public BudgetPolicy? Policy { get; init; }

    /// <summary>Days before today, as far as <see cref="InteractiveDemand"/> looks back; empty for a request that does not depend on them.</summary>
    public IReadOnlyList<DayUse> History { get; init; } = [];

    /// <summary>What the lab's refreshes need; null when nobody told.</summary>
    public RefreshDemand? Refresh { get; init; }

    /// <summary>Units that today pays: its own, and yesterday's that TikTok may count today.</summary>
    public long Used => Today.Used + CarriedOver + Open.Count(grant => grant.Day < Today.Day);

    /// <summary>Grants on their way; a lost one stops counting here after a while (and is paid for ever).</summary>
    public int InFlight(DateTimeOffset now) =>
        Open.Count(grant => grant.State is GrantState.Reserved || now - grant.SentAt < DailyQuota.LongestFlight);
}
