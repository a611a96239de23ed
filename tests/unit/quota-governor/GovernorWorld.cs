using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>What a world is like; the defaults are the load that the scheduling bars are measured at.</summary>
internal sealed record GovernorLoad
{
    public PacingMode Mode { get; init; } = PacingMode.Burst;

    public int Days { get; init; } = 60;

    public int DailyRequests { get; init; } = 1000;

    public double JobsADay { get; init; } = 4;

    public double UnitsOfAJob { get; init; } = 60;

    /// <summary>Hours in which people ask, from the first to before the second.</summary>
    public (int From, int To) Hours { get; init; } = (0, 24);

    public double RefreshesADay { get; init; } = 250;

    public double DaysUntilDeadline { get; init; } = 3;

    public int BackfillCallers { get; init; } = 4;

    /// <summary>Of a hundred requests, so many that TikTok asks to slow down for.</summary>
    public double RateLimitedPercent { get; init; }
}

/// <summary>
/// Weeks of one budget: people who ask now and then for many pages, refreshes with deadlines, and backfill that is always hungry. The decisions are the real
/// ones; time, answers and the people are the world's. Who works first is as in the collector: interactive, refresh by deadline, backfill in turn, and before them
/// a caller that got nothing for the better part of a day. The same seed is the same world.
/// </summary>
internal sealed class GovernorWorld(GovernorLoad load, int seed)
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly QuotaKey Key = new("default", "default", QuotaBucket.Research);

    private static readonly Priority[] InOrder = [Priority.Interactive, Priority.Refresh, Priority.Backfill];

    private readonly Random random = new(seed);
    private readonly Queue<(DateTimeOffset At, int Units)> jobs = new();
    private readonly Queue<DateTimeOffset> refreshes = new();
    private readonly PriorityQueue<DateTimeOffset, DateTimeOffset> available = new();
    private readonly Queue<Job> waiting = new();
    private readonly Dictionary<DateOnly, int> counted = [];
    private QuotaGovernorOptions options = null!;
    private QuotaBook book = null!;
    private LabBudgets lab = LabBudgets.Nothing("default");
    private DateTimeOffset now = Begin;
    private DateTimeOffset tellAt = Begin;
    private int requests;

    /// <summary>From an interactive job's begin to the grant of its first page; the first week left out: there the governor still learns.</summary>
    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Refreshes that were answered after their deadline, or never.</summary>
    public int Missed { get; private set; }

    /// <summary>When each backfill caller got its units.</summary>
    public IReadOnlyList<List<DateTimeOffset>> Backfill { get; private set; } = [];

    /// <summary>The longest that a backfill caller waited from one unit to the next.</summary>
    public TimeSpan LongestHunger => Backfill.Max(times => times.Zip(times.Skip(1), (one, next) => next - one).DefaultIfEmpty(TimeSpan.FromDays(load.Days)).Max());

    /// <summary>Share of the days' units that TikTok counted, the first week left out: there the governor still learns.</summary>
    public double Used => counted.Where(day => day.Key >= DateOnly.FromDateTime(Begin.UtcDateTime).AddDays(7)).Average(day => (double)day.Value) / load.DailyRequests;

    /// <summary>The most that TikTok counted on one day.</summary>
    public int MostOnADay => counted.Values.Max();

    public TimeSpan WaitAt(double share) => At(Waits, share);

    /// <summary>The time that this share of the waits does not exceed.</summary>
    public static TimeSpan At(IReadOnlyCollection<TimeSpan> waits, double share) => waits.Order().ElementAt((int)(share * (waits.Count - 1)));

    public void Run()
    {
        options = new() { DailyRequests = load.DailyRequests, Mode = load.Mode };
        book = new(options);
        Backfill = [.. Enumerable.Range(0, load.BackfillCallers).Select(_ => new List<DateTimeOffset>())];
        Draw();
        var end = Begin.AddDays(load.Days);
        while (now < end)
        {
            Arrive();
            now = Work() ?? now;
        }

        Missed += available.UnorderedItems.Count(refresh => refresh.Element < end);
    }

    private void Draw()
    {
        for (var day = 0; day < load.Days; day++)
        {
            var midnight = Begin.AddDays(day);
            var times = Enumerable.Range(0, Poisson(load.JobsADay))
                .Select(_ => midnight.AddHours(load.Hours.From + (random.NextDouble() * (load.Hours.To - load.Hours.From)))).Order().ToList();
            times.ForEach(time => jobs.Enqueue((time, Math.Max(1, (int)Math.Round(-Math.Log(1 - random.NextDouble()) * load.UnitsOfAJob)))));
            Enumerable.Range(0, Poisson(load.RefreshesADay)).Select(_ => midnight.AddDays(random.NextDouble())).Order().ToList().ForEach(refreshes.Enqueue);
        }
    }

    private void Arrive()
    {
        while (jobs.TryPeek(out var job) && job.At <= now)
        {
            jobs.Dequeue();
            waiting.Enqueue(new() { At = job.At, Left = job.Units });
        }

        while (refreshes.TryPeek(out var at) && at <= now)
        {
            refreshes.Dequeue();
            var deadline = at.AddDays(load.DaysUntilDeadline);
            available.Enqueue(deadline, deadline);
        }

        if (now >= tellAt)
        {
            // As the scheduler does: by the hour of the deadline.
            var due = available.UnorderedItems.GroupBy(refresh => refresh.Element.AddTicks(-(refresh.Element.Ticks % TimeSpan.TicksPerHour)))
                .OrderBy(hour => hour.Key).Select(hour => new DueUnits(hour.Key, hour.Count()));
            lab = lab.With(new RefreshDemand { At = now, Due = [.. due] });
            tellAt = now + TellEvery;
        }
    }

    /// <summary>One request of the first that gets a unit; when nobody does, the time to ask again.</summary>
    private DateTimeOffset? Work()
    {
        var again = now + LongestWait;
        var hungry = Fairness.IsHungry(Begin, LastOf(Next()), now);
        foreach (var priority in hungry ? (Priority[])[Priority.Backfill, .. InOrder] : InOrder)
        {
            if ((priority is Priority.Interactive && waiting.Count == 0) || (priority is Priority.Refresh && available.Count == 0))
            {
                continue;
            }

            var request = new QuotaRequest(Key, priority, new Guid(++requests, 0, 0, new byte[8]).ToString("N"))
            {
                WantedSince = priority is Priority.Interactive ? waiting.Peek().At : null,
            };
            var (result, change) = book.Reserve(lab.StateAt(Key, options, now), request, now);
            Write(change);
            if (result is ReserveResult.Granted(var grant))
            {
                Send(grant);
                return null;
            }

            var retryAt = ((ReserveResult.Refused)result).RetryAt;
            again = retryAt < again ? retryAt : again;
        }

        var next = new[] { jobs.TryPeek(out var job) ? job.At : again, refreshes.TryPeek(out var refresh) ? refresh : again, again }.Min();
        return next > now ? next : now.AddMilliseconds(200);
    }

    private void Send(QuotaGrant grant)
    {
        Settle(grant.GrantId, GrantOutcome.Sent);
        var granted = now;
        now = now.AddSeconds(0.3 + (random.NextDouble() * 2));
        if (random.NextDouble() * 100 < load.RateLimitedPercent)
        {
            Settle(grant.GrantId, GrantOutcome.RateLimited);
            return;
        }

        var day = DateOnly.FromDateTime(now.UtcDateTime);
        counted[day] = counted.GetValueOrDefault(day) + 1;
        Settle(grant.GrantId, GrantOutcome.Answered);
        switch (grant.Priority)
        {
            case Priority.Interactive:
                Serve(waiting.Peek(), granted);
                break;
            case Priority.Refresh:
                Missed += available.Dequeue() < now ? 1 : 0;
                break;
            default:
                Backfill[Next()].Add(granted);
                break;
        }
    }

    /// <summary>The backfill caller whose turn it is.</summary>
    private int Next() => Enumerable.Range(0, load.BackfillCallers).MinBy(caller => LastOf(caller) ?? DateTimeOffset.MinValue);

    private DateTimeOffset? LastOf(int caller) => Backfill[caller].Count > 0 ? Backfill[caller][^1] : null;

    private void Serve(Job job, DateTimeOffset granted)
    {
        if (!job.Begun)
        {
            if (job.At >= Begin.AddDays(7))
            {
                Waits.Add(granted - job.At);
            }

            job.Begun = true;
        }

        job.Left--;
        if (job.Left == 0)
        {
            waiting.Dequeue();
        }
    }

    private void Settle(string grantId, GrantOutcome outcome)
    {
        var grant = lab.Find(grantId)!;
        Write(book.Settle(grant, lab.Of(Key, options).Course, outcome, now).Change);
    }

    private void Write(QuotaChange? change)
    {
        if (change is not null)
        {
            var leaving = lab.Leaving();
            lab = lab.With(change, options).Without(leaving);
        }
    }

    private int Poisson(double mean)
    {
        var (count, time) = (0, -Math.Log(1 - random.NextDouble()));
        while (time < mean)
        {
            count++;
            time -= Math.Log(1 - random.NextDouble());
        }

        return count;
    }

    private sealed class Job
    {
        public DateTimeOffset At { get; init; }

        public int Left { get; set; }

        public bool Begun { get; set; }
    }
}
