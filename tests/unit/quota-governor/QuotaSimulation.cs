using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>A defect that is planted to see whether the simulation would find it.</summary>
public enum PlantedBug
{
    None,
    NoMidnightGuard,
    UnknownGivenBack,
    CrashForgetsTheJournal,
    LostRequestGivenBackOnRestart,
    SentAfterExpiryAllowed,
    DaySpentTakenForAnAnswer,
    UnresolvedNotPaidTomorrow,
}

/// <summary>
/// One seed: several holders of grants over two midnights, a TikTok that counts what reaches it by its own clock, which differs from ours by up to 30 s,
/// lost answers, refusals, crashes of a holder between any two steps and of the governor (its file is closed and opened again). Time is virtual.
/// </summary>
internal sealed class QuotaSimulation : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 4, 1, 23, 20, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2026, 4, 3, 2, 0, 0, TimeSpan.Zero);
    private static readonly QuotaKey Key = new("default", "default", QuotaBucket.Research);

    private readonly Random random;
    private readonly PlantedBug bug;
    private readonly ManualTime clock = new(Begin);
    private readonly TemporaryFolder folder = new();
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset At, int Order)> agenda = new();
    private readonly Dictionary<DateOnly, int> counted = [];
    private readonly QuotaGovernorOptions options;
    private readonly int tikTokLimit;
    private readonly List<string> lost = [];
    private SqliteQuotaStore store = null!;
    private TimeSpan skew;
    private int order;
    private int requests;
    private int files;

    public QuotaSimulation(int seed, PlantedBug bug)
    {
        random = new(seed);
        this.bug = bug;
        options = new()
        {
            DailyRequests = random.Next(4, 40),
            RequestsPerSecond = random.Next(3) == 0 ? 1 : 0,
            InteractiveShare = random.Next(2) * 0.2,
            MaxInFlight = random.Next(1, 5),
            BackgroundPerHour = 600,
            MidnightGuard = bug is PlantedBug.NoMidnightGuard ? TimeSpan.Zero : TimeSpan.FromSeconds(35),
        };
        // Now and then somebody else spends from the same account, so that TikTok ends the day before we do.
        tikTokLimit = random.Next(4) == 0 ? Math.Max(1, options.DailyRequests - 3) : options.DailyRequests;
        Open();
    }

    /// <summary>What was broken; null when all held.</summary>
    public string? Violation { get; private set; }

    /// <summary>Requests that reached TikTok.</summary>
    public int Counted => counted.Values.Sum();

    public async Task RunAsync()
    {
        for (var holder = 0; holder < 5; holder++)
        {
            Later(random.NextDouble() * 60, ReserveAsync);
        }

        Later(random.NextDouble() * 3600, CrashAsync);
        Later(random.NextDouble() * 600, DriftAsync);
        while (Violation is null && agenda.TryDequeue(out var act, out var key) && key.At < End)
        {
            clock.SetUtcNow(key.At);
            await act();
        }
    }

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    private void Open() => store = new(SqliteFile.Open(folder.PathOf($"quota{files}.db"), QuotaRows.Schema), options, new Skewed(clock, () => skew));

    private void Later(double seconds, Func<Task> act) => agenda.Enqueue(act, (clock.GetUtcNow().AddSeconds(seconds), order++));

    /// <summary>Around midnight everybody is busy; that is where it is hard.</summary>
    private async Task ReserveAsync()
    {
        var request = new QuotaRequest(Key, (Priority)random.Next(1, 4), new Guid(++requests, 0, 0, new byte[8]).ToString("N"));
        switch (await store.ReserveAsync(request, CancellationToken.None))
        {
            case ReserveResult.Granted when random.Next(12) == 0:
                // The holder dies before it sends; it comes back with another request.
                Later(random.NextDouble() * 100, ReserveAsync);
                break;
            case ReserveResult.Granted(var grant):
                Later(random.Next(10) == 0 ? random.NextDouble() * 60 : random.NextDouble(), () => SendAsync(grant));
                break;
            case ReserveResult.Refused(_, var retryAt):
                Later(Math.Max(0.001, (retryAt - (clock.GetUtcNow() + skew)).TotalSeconds) + (random.NextDouble() * 2), ReserveAsync);
                break;
        }
    }

    private async Task SendAsync(QuotaGrant grant)
    {
        var allowed = await SettleAsync(grant.GrantId, GrantOutcome.Sent) is SettleResult.Settled || bug is PlantedBug.SentAfterExpiryAllowed;
        var fate = random.Next(20);
        if (!allowed || fate == 0)
        {
            // Refused, or it could not connect.
            if (allowed)
            {
                await SettleAsync(grant.GrantId, GrantOutcome.NeverSent);
            }

            Later(random.NextDouble() * 5, ReserveAsync);
        }
        else if (fate == 1)
        {
            // The holder is paused, sends much later, and never reports.
            lost.Add(grant.GrantId);
            Later(random.NextDouble() * 10_000, () => Task.FromResult(Arrive(grant)));
            Later(random.NextDouble() * 400, ReserveAsync);
        }
        else if (fate == 2)
        {
            // It hangs up and says UNKNOWN; TikTok takes the request up to five minutes after sending.
            var flight = random.NextDouble() * 300;
            Later(flight, () => Task.FromResult(Arrive(grant)));
            Later(random.NextDouble() * flight, () => ReportAsync(grant, GrantOutcome.Unknown));
        }
        else
        {
            var flight = random.Next(5) == 0 ? random.NextDouble() * 200 : random.NextDouble() * 2;
            Later(flight * random.NextDouble(), () =>
            {
                var outcome = Arrive(grant);
                Later(flight * random.NextDouble(), () => ReportAsync(grant, outcome));
                return Task.CompletedTask;
            });
        }
    }

    private GrantOutcome Arrive(QuotaGrant grant)
    {
        var day = UtcDay.Of(clock.GetUtcNow());
        if (random.Next(15) == 0)
        {
            return GrantOutcome.RateLimited;
        }

        if (counted.GetValueOrDefault(day) >= tikTokLimit && tikTokLimit < options.DailyRequests)
        {
            return GrantOutcome.DaySpent;
        }

        counted[day] = counted.GetValueOrDefault(day) + 1;
        if (counted[day] > tikTokLimit)
        {
            Violation ??= $"{counted[day]} requests on {day}, allowed {tikTokLimit}";
        }

        return GrantOutcome.Answered;
    }

    private async Task ReportAsync(QuotaGrant grant, GrantOutcome outcome)
    {
        for (var repeats = random.Next(3); repeats >= 0; repeats--)
        {
            await SettleAsync(grant.GrantId, outcome);
        }

        if (outcome is GrantOutcome.DaySpent && await store.ReserveAsync(
            new(Key, Priority.Interactive, new Guid(++requests, 0, 0, new byte[8]).ToString("N")), CancellationToken.None) is ReserveResult.Granted(var more) && more.Day == grant.Day)
        {
            Violation ??= $"granted a unit of {grant.Day} after TikTok had said that it is spent";
        }

        Later(random.Next(4) == 0 ? random.NextDouble() * 900 : random.NextDouble() * 5, ReserveAsync);
    }

    private Task<SettleResult> SettleAsync(string grantId, GrantOutcome outcome) => store.SettleAsync(
        Key.LabId,
        grantId,
        (bug, outcome) switch
        {
            (PlantedBug.UnknownGivenBack, GrantOutcome.Unknown) => GrantOutcome.NeverSent,
            (PlantedBug.DaySpentTakenForAnAnswer, GrantOutcome.DaySpent) => GrantOutcome.Answered,
            _ => outcome,
        },
        CancellationToken.None);

    private async Task CrashAsync()
    {
        store.Dispose();
        files += bug is PlantedBug.CrashForgetsTheJournal ? 1 : 0;
        Open();
        if (bug is PlantedBug.LostRequestGivenBackOnRestart)
        {
            foreach (var grantId in lost)
            {
                await SettleAsync(grantId, GrantOutcome.NeverSent);
            }
        }

        if (bug is PlantedBug.UnresolvedNotPaidTomorrow)
        {
            using var file = SqliteFile.Open(folder.PathOf($"quota{files}.db"), QuotaRows.Schema);
            await file.WriteAsync(session => session.Execute("UPDATE quota_journal SET state = 3, late = 0 WHERE state = 1 OR late = 1"), CancellationToken.None);
        }

        Later(random.NextDouble() * 2000, CrashAsync);
    }

    private Task DriftAsync()
    {
        skew = TimeSpan.FromSeconds((random.NextDouble() * 60) - 30);
        Later(random.NextDouble() * 600, DriftAsync);
        return Task.CompletedTask;
    }

    private sealed class Skewed(ManualTime truth, Func<TimeSpan> skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => truth.GetUtcNow() + skew();
    }
}
