using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What a call changes in its budget: a store writes all of it or nothing.</summary>
internal sealed record QuotaChange
{
    /// <summary>The budget.</summary>
    public required QuotaKey Key { get; init; }

    /// <summary>The day of the call; a budget that is born by it is born with this day announced.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Lines of the journal as they are now, new or changed.</summary>
    public IReadOnlyList<QuotaGrant> Grants { get; init; } = [];

    /// <summary>What days pay more, or less.</summary>
    public IReadOnlyList<DayCharge> Charges { get; init; } = [];

    /// <summary>How the budget's grants go on; set when others see the change, which then gets a number of its own.</summary>
    public Course? Course { get; init; }

    /// <summary>Another policy of the budget; null when it stays.</summary>
    public BudgetPolicy? Policy { get; init; }

    /// <summary>Units more, or less, that refreshes have got since their demand was told.</summary>
    public int RefreshUnits => Charges.Sum(charge => charge.RefreshUnits);
}

/// <summary>What a day pays more, or less.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Units">Units of any kind; negative when they come back.</param>
/// <param name="InteractiveUnits">Those for interactive work among them.</param>
/// <param name="SpendsDay">Whether TikTok said that the day is spent.</param>
internal sealed record DayCharge(DateOnly Day, int Units, int InteractiveUnits, bool SpendsDay)
{
    /// <summary>Those for refreshes among them.</summary>
    public int RefreshUnits { get; init; }

    /// <summary>UTC hour in which the grant was wanted, 0–23.</summary>
    public int Hour { get; init; }

    /// <summary>Whose work it was; empty when nobody's in particular.</summary>
    public string Caller { get; init; } = "";

    /// <summary>Units that a grant's day pays more, or less.</summary>
    public static DayCharge Of(QuotaGrant grant, int units, bool spendsDay = false) =>
        new(grant.Day, units, grant.Priority is Priority.Interactive ? units : 0, spendsDay)
        {
            RefreshUnits = grant.Priority is Priority.Refresh ? units : 0,
            Hour = grant.WantedHour ?? grant.GrantedAt.UtcDateTime.Hour,
            Caller = grant.Caller,
        };
}
