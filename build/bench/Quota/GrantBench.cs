using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Bench;

/// <summary>A grant's whole life in the governor's store (reserve, SENT, settle: three durable steps) beside two bare commits of one row each.</summary>
internal sealed class GrantBench : IBench
{
    private const int Rounds = 15;
    private const int Grants = 500;

    public string Name => "grant";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var workplace = new Workplace();
        var options = new QuotaGovernorOptions { DailyRequests = 1_000_000, RequestsPerSecond = 0 };
        using var store = new SqliteQuotaStore(SqliteFile.Open(workplace.PathOf("ours.db"), QuotaRows.Schema), options, new StandingClock());
        using var bare = new BareSqlite(workplace.PathOf("bare.db"), "CREATE TABLE grants (grant_id TEXT PRIMARY KEY, day TEXT NOT NULL, state INTEGER NOT NULL) WITHOUT ROWID");
        var oursIds = new Random(1);
        var bareIds = new Random(1);
        var line = await Race.RunAsync(
            "reserve + SENT + settle; bare: two commits",
            "grants/s",
            Rounds,
            token => Lap.OfAsync(Grants, () => SpendAsync(store, oursIds, token)),
            _ => Lap.OfAsync(Grants, () => CommitPairs(bare, bareIds)),
            cancellationToken);
        yield return line with { Bar = 0.3 };
    }

    private static async Task SpendAsync(SqliteQuotaStore store, Random random, CancellationToken cancellationToken)
    {
        var key = new QuotaKey("default", "default", QuotaBucket.Research);
        for (var i = 0; i < Grants; i++)
        {
            var id = NextId(random);
            if (await store.ReserveAsync(new(key, Priority.Interactive, id), cancellationToken) is not ReserveResult.Granted
                || await store.SettleAsync(key.LabId, id, GrantOutcome.Sent, cancellationToken) is not SettleResult.Settled
                || await store.SettleAsync(key.LabId, id, GrantOutcome.Answered, cancellationToken) is not SettleResult.Settled)
            {
                throw new InvalidOperationException("The governor refused what it should grant.");
            }
        }
    }

    private static Task CommitPairs(BareSqlite file, Random random)
    {
        for (var i = 0; i < Grants; i++)
        {
            var id = NextId(random);
            file.Run("INSERT INTO grants VALUES (@0, @1, @2)", id, "2026-03-16", 0L);
            file.Run("UPDATE grants SET state = @0 WHERE grant_id = @1", 2L, id);
        }

        return Task.CompletedTask;
    }

    private static string NextId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString("N");
    }
}
