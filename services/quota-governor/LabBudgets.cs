namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Something with the number of the change that made it so.</summary>
internal sealed record Stamped<T>(T Value, long Version);

/// <summary>One budget of <see cref="LabBudgets"/>.</summary>
internal sealed record LabBudget
{
    // A day more than decisions need: a clock that was set back by a day still finds what was on its way. Further back, it is missing from the count.
    private const int DaysOfOpenGrants = 2;

    /// <summary>Which.</summary>
    public required QuotaKey Key { get; init; }

    /// <summary>How its grants have followed each other.</summary>
    public required Course Course { get; init; }

    /// <summary>The last day whose opening was announced.</summary>
    public required DateOnly AnnouncedDay { get; init; }

    /// <summary>How it is shared out; null when nobody said.</summary>
    public BudgetPolicy? Policy { get; init; }

    /// <summary>Number of its last change that others see.</summary>
    public long Sequence { get; init; }

    /// <summary>What days have paid: the newest, those before that <see cref="InteractiveDemand"/> learns from, and others until they are written elsewhere.</summary>
    public IReadOnlyList<Stamped<DayUse>> Days { get; init; } = [];

    /// <summary>Grants that decisions need, and others until they are written elsewhere.</summary>
    public IReadOnlyList<Stamped<QuotaGrant>> Grants { get; init; } = [];

    /// <summary>Whether a day that is not here may have been written elsewhere. One that was not reached yet is nowhere.</summary>
    public bool MayHaveMoved(DateOnly day) => Days.All(known => known.Value.Day != day) && Days.Any(known => known.Value.Day > day);

    /// <summary>All that a decision needs.</summary>
    public BucketState StateAt(DateTimeOffset now)
    {
        var today = UtcDay.Of(now);
        var yesterday = today.AddDays(-1);
        return new()
        {
            Key = Key,
            Course = Course,
            Policy = Policy,
            History = [.. Days.Select(day => day.Value).Where(day => InteractiveDemand.LooksAt(day.Day, today))],
            Today = Days.FirstOrDefault(day => day.Value.Day == today)?.Value ?? DayUse.Nothing(today),
            CarriedOver = Grants.Count(grant => grant.Value is { Late: true, Charged: true } && grant.Value.Day == yesterday),
            Open = [.. Grants.Select(grant => grant.Value).Where(grant => grant.IsOpen && grant.Day >= yesterday)],
        };
    }

    /// <summary>The budget after a change.</summary>
    public LabBudget With(QuotaChange change, long version)
    {
        var ids = change.Grants.Select(grant => grant.GrantId).ToHashSet(StringComparer.Ordinal);
        return this with
        {
            Course = change.Course ?? Course,
            Policy = change.Policy ?? Policy,
            Sequence = change.Course is null ? Sequence : version,
            Grants = [.. Grants.Where(grant => !ids.Contains(grant.Value.GrantId)), .. change.Grants.Select(grant => new Stamped<QuotaGrant>(grant, version))],
            Days = change.Charges.Aggregate(Days, (days, charge) => Charge(days, charge, version)),
        };
    }

    /// <summary>Grants that no decision needs any more.</summary>
    public IEnumerable<Stamped<QuotaGrant>> ClosedGrants()
    {
        var newest = Newest();
        return Grants.Where(grant => !(grant.Value.IsOpen || grant.Value.Late) || grant.Value.Day < newest.AddDays(-DaysOfOpenGrants));
    }

    /// <summary>Days that no decision needs any more.</summary>
    public IEnumerable<Stamped<DayUse>> PastDays()
    {
        var newest = Newest();
        return Days.Where(day => day.Value.Day < newest.AddDays(-InteractiveDemand.DaysKept - 1));
    }

    private static IReadOnlyList<Stamped<DayUse>> Charge(IReadOnlyList<Stamped<DayUse>> days, DayCharge charge, long version)
    {
        var before = days.FirstOrDefault(day => day.Value.Day == charge.Day)?.Value ?? DayUse.Nothing(charge.Day);
        return [.. days.Where(day => day.Value.Day != charge.Day), new(before.With(charge), version)];
    }

    private DateOnly Newest() => Days.Count == 0 ? DateOnly.MinValue.AddDays(InteractiveDemand.DaysKept + 1) : Days.Max(day => day.Value.Day);
}

/// <summary>
/// The live state of all budgets of a lab, changed as a whole and only on the version that was read: pure.
/// What no decision needs any more leaves it, but not before it has been written elsewhere.
/// </summary>
internal sealed record LabBudgets(string LabId, long Version, IReadOnlyList<LabBudget> Budgets)
{
    // Lines leave together: one batch for so many grants.
    private const int Batch = 16;

    /// <summary>What the lab's refreshes need; null when nobody told.</summary>
    public RefreshDemand? Refresh { get; init; }

    /// <summary>A lab that never asked.</summary>
    public static LabBudgets Nothing(string labId) => new(labId, 0, []);

    /// <summary>The grant of that id, if it is still here.</summary>
    public QuotaGrant? Find(string grantId) =>
        Budgets.SelectMany(budget => budget.Grants).FirstOrDefault(grant => string.Equals(grant.Value.GrantId, grantId, StringComparison.Ordinal))?.Value;

    /// <summary>A budget, even if it never asked.</summary>
    public LabBudget Of(QuotaKey key, QuotaGovernorOptions options) =>
        Budgets.FirstOrDefault(budget => budget.Key == key) ?? new() { Key = key, Course = Course.Start(options.RequestsPerSecond), AnnouncedDay = DateOnly.MinValue };

    /// <summary>The same state, with a day that had been written elsewhere.</summary>
    public LabBudgets WithDay(QuotaKey key, Stamped<DayUse> day) =>
        this with { Budgets = [.. Budgets.Select(budget => budget.Key == key ? budget with { Days = [.. budget.Days, day] } : budget)] };

    /// <summary>The lab after a change; a budget seen for the first time is born, with the day of its birth announced.</summary>
    public LabBudgets With(QuotaChange change, QuotaGovernorOptions options)
    {
        var isNew = Budgets.All(budget => budget.Key != change.Key);
        var budgets = isNew ? [.. Budgets, Of(change.Key, options) with { AnnouncedDay = change.Today }] : Budgets;
        return this with
        {
            Version = Version + 1,
            Refresh = Refresh?.With(change.RefreshUnits),
            Budgets = [.. budgets.Select(budget => budget.Key == change.Key ? budget.With(change, Version + 1) : budget)],
        };
    }

    /// <summary>The lab after an account's opening of a day was announced; each of its budgets gets a number of its own.</summary>
    public LabBudgets WithAnnounced(string account, DateOnly day)
    {
        var version = Version;
        List<LabBudget> budgets = [];
        foreach (var budget in Budgets)
        {
            budgets.Add(budget.Key.Account == account ? budget with { AnnouncedDay = budget.AnnouncedDay > day ? budget.AnnouncedDay : day, Sequence = ++version } : budget);
        }

        return this with { Version = version, Budgets = budgets };
    }

    /// <summary>All that a decision about a budget needs.</summary>
    public BucketState StateAt(QuotaKey key, QuotaGovernorOptions options, DateTimeOffset now) => Of(key, options).StateAt(now) with { Refresh = Refresh };

    /// <summary>The lab after it was told what its refreshes need; what is older than what is known says nothing.</summary>
    public LabBudgets With(RefreshDemand told) => told.Replaces(Refresh) ? this with { Version = Version + 1, Refresh = told } : this;

    /// <summary>What is to be written elsewhere before the next change; empty while it is not worth the way.</summary>
    public LabBudgets Leaving()
    {
        var leaving = this with { Budgets = [.. Budgets.Select(budget => budget with { Grants = [.. budget.ClosedGrants()], Days = [.. budget.PastDays()] })] };
        return leaving.Budgets.Sum(budget => budget.Grants.Count) >= Batch || leaving.Budgets.Any(budget => budget.Days.Count > 0)
            ? leaving
            : this with { Budgets = [] };
    }

    /// <summary>The lab without what has been written elsewhere; what changed since stays.</summary>
    public LabBudgets Without(LabBudgets written)
    {
        var gone = written.Budgets.ToDictionary(budget => budget.Key);
        return this with
        {
            Budgets =
            [
                .. Budgets.Select(budget => gone.TryGetValue(budget.Key, out var left)
                    ? budget with { Grants = [.. budget.Grants.Except(left.Grants)], Days = [.. budget.Days.Except(left.Days)] }
                    : budget),
            ],
        };
    }
}
