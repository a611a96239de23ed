using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class SqliteQuotaStoreTests : QuotaStoreContract
{
    private readonly TemporaryFolder folder = new();
    private readonly SqlitePlans plans = new("quota_buckets", "quota_refresh_demand");
    private readonly List<SqliteFile> opened = [];

    private string Path => folder.PathOf("quota-governor.db");

    private protected override IQuotaStore Open(QuotaGovernorOptions options, TimeProvider clock)
    {
        opened.Add(SqliteFile.Open(Path, QuotaRows.Schema));
        return new SqliteQuotaStore(opened[^1], options, clock);
    }

    [Fact]
    public async Task A_file_of_the_first_version_keeps_its_count_and_gets_the_default_policy()
    {
        var options = new QuotaGovernorOptions { DailyRequests = 7, RequestsPerSecond = 0 };
        var clock = new ManualTime(new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero));
        using (var old = SqliteFile.Open(Path, [QuotaRows.Schema[0]]))
        {
            await old.WriteAsync(
                session =>
                {
                    session.Execute("INSERT INTO quota_buckets VALUES ('default', 'default', 1, 5, 1.0, NULL, 0, NULL, NULL, '2026-04-01', 3)");
                    session.Execute("INSERT INTO quota_days VALUES ('default', 'default', 1, '2026-04-01', 5, 4, 0)");
                    session.Execute("INSERT INTO quota_journal VALUES ('default', 'aa', 'default', 1, 1, '2026-04-01', 5, 0, 0, 3, 1, 0, NULL, NULL)");
                },
                CancellationToken.None);
        }

        var store = Open(options, clock);
        var reading = (await store.ReadAsync("default", "default", CancellationToken.None))[0].Reading;
        (reading.Used, reading.Policy).ShouldBe((5, BudgetPolicy.Default(options)));
        (await store.ReserveAsync(new(reading.Key, Priority.Interactive, "aa"), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant.Caller.ShouldBe("");
        (await store.ReserveAsync(new(reading.Key, Priority.Interactive, "bb"), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>();
    }

    [Fact]
    public async Task However_long_the_history_is_a_decision_looks_at_as_many_days()
    {
        var options = new QuotaGovernorOptions { DailyRequests = 7, RequestsPerSecond = 0 };
        var clock = new ManualTime(new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero));
        using var file = SqliteFile.Open(Path, QuotaRows.Schema);
        await file.WriteAsync(
            session =>
            {
                for (var day = 1; day <= 400; day++)
                {
                    var text = UtcDay.Text(new DateOnly(2026, 4, 1).AddDays(-day));
                    session.Execute("INSERT INTO quota_days (lab_id, account, bucket, day, used, interactive_used, spent) VALUES ('default', 'default', 1, @day, 5, 4, 0)", ("@day", text));
                    session.Execute("INSERT INTO quota_journal (lab_id, grant_id, account, bucket, priority, day, epoch, granted_at, expires_at, state, charged, late) VALUES ('default', @day, 'default', 1, 1, @day, 5, 0, 0, 3, 1, 0)", ("@day", text));
                }
            },
            CancellationToken.None);
        var state = await file.ReadAsync(session => new QuotaRows(session, options).Load(new("default", "default", QuotaBucket.Research), clock.GetUtcNow(), withHistory: true), CancellationToken.None);
        state.History.Count.ShouldBe(InteractiveDemand.DaysKept);
        state.Open.ShouldBeEmpty();
        var history = file.Statements.Single(statement => statement.Contains("FROM quota_days", StringComparison.Ordinal) && statement.Contains("day >= ", StringComparison.Ordinal));
        var plan = await file.ReadAsync(session => session.Query($"EXPLAIN QUERY PLAN {history}", row => row.GetString(3)), CancellationToken.None);
        plan.ShouldHaveSingleItem().ShouldContain("day>? AND day<?");
    }

    protected override void Dispose(bool disposing)
    {
        opened.ForEach(plans.Watch);
        opened.ForEach(file => file.Dispose());
        plans.Check(Path);
        folder.Dispose();
        base.Dispose(disposing);
    }
}
