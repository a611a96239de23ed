using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// One service's database in MongoDB, the counterpart of <see cref="SqliteFile"/>: a change of a lab happens whole or not at all, is durable when it returns,
/// and reads see one moment. Several processes on one database behave like one. Nothing of it needs transactions of the server:
/// one <c>findOneAndUpdate</c> decides each change, and what it says is written afterwards by whoever comes first (<see cref="MongoLedger"/>).
/// </summary>
public sealed class MongoStore(MongoConnection connection, MongoSchema schema, TimeProvider time) : IDisposable
{
    private const int MostTries = 60;
    private const int TriesBeforeHold = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OutcomePatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> writing = new(StringComparer.Ordinal);
    private readonly MongoSchemaGuard guard = new(schema);

    /// <summary>Name of the database.</summary>
    public string Name => schema.Database;

    /// <summary>
    /// Runs <paramref name="work"/> and makes what it put durable, all of it at one moment; when it throws, nothing happened.
    /// It may be run several times, on what is there each time, until nobody else changed the lab meanwhile: it must have no other effects.
    /// </summary>
    /// <exception cref="MeshException">UNAVAILABLE: MongoDB cannot be used now. The change may have happened only when its outcome could not be learnt within seconds.</exception>
    public Task<T> WriteAsync<T>(string labId, Func<MongoChange, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync("write", database => ChangeAsync(database, labId, work, cancellationToken), cancellationToken);
    }

    /// <summary>As the other overload, without a result.</summary>
    public Task WriteAsync(string labId, Func<MongoChange, Task> work, CancellationToken cancellationToken) =>
        WriteAsync(
            labId,
            async change =>
            {
                await work(change);
                return true;
            },
            cancellationToken);

    /// <summary>Runs <paramref name="work"/> on what holds at one moment, again when the lab changed meanwhile.</summary>
    /// <exception cref="MeshException">UNAVAILABLE.</exception>
    public Task<T> ReadAsync<T>(string labId, Func<MongoReading, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync("read", database => LookAsync(database, labId, work, cancellationToken), cancellationToken);
    }

    /// <summary>Labs that ever changed, in order.</summary>
    /// <exception cref="MeshException">UNAVAILABLE.</exception>
    public Task<IReadOnlyList<string>> ListLabsAsync(CancellationToken cancellationToken) =>
        RunAsync("read", database => MongoLedger.ListLabsAsync(database, cancellationToken), cancellationToken);

    /// <summary>Works on documents that belong to no change: each is written by one operation that stands alone.</summary>
    /// <exception cref="MeshException">UNAVAILABLE.</exception>
    public Task<T> UseAsync<T>(Func<IMongoDatabase, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync("use", work, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gate in writing.Values)
        {
            gate.Dispose();
        }
    }

    internal static BsonDocument ById(string id) => new("_id", id);

    private async Task<T> ChangeAsync<T>(IMongoDatabase database, string labId, Func<MongoChange, Task<T>> work, CancellationToken cancellationToken)
    {
        // Writers of one process take turns; those of several find out at the ledger.
        var gate = GateOf(labId);
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await UndisturbedAsync(
                new MongoLedger(database, labId),
                (ledger, before) => TryChangeAsync(database, ledger, labId, before, work, cancellationToken),
                labId,
                cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private Task<T> LookAsync<T>(IMongoDatabase database, string labId, Func<MongoReading, Task<T>> work, CancellationToken cancellationToken) =>
        UndisturbedAsync(
            new MongoLedger(database, labId),
            async (ledger, before) => (await work(new MongoReading(database)), await IsUnmovedAsync(ledger, before, cancellationToken)),
            labId,
            cancellationToken);

    /// <summary>Tries until nobody changed the lab meanwhile; who was disturbed several times asks the others to wait.</summary>
    private async Task<T> UndisturbedAsync<T>(
        MongoLedger ledger, Func<MongoLedger, MongoLedgerState, Task<(T Result, bool Undisturbed)>> attempt, string labId, CancellationToken cancellationToken)
    {
        var hold = "";
        try
        {
            for (var tries = 0; tries < MostTries; tries++)
            {
                if (tries == TriesBeforeHold)
                {
                    hold = NewId();
                    await ledger.HoldAsync(hold, cancellationToken);
                }

                var before = await WaitForOthersAsync(ledger, hold, cancellationToken);
                if (await attempt(ledger, before) is var (result, undisturbed) && undisturbed)
                {
                    return result;
                }

                await PauseAsync(cancellationToken);
            }
        }
        finally
        {
            await ReleaseAsync(ledger, hold);
        }

        throw Busy(labId);
    }

    /// <summary>The lab as it is when nobody asks to wait, or when whoever asked has had time enough.</summary>
    private async Task<MongoLedgerState> WaitForOthersAsync(MongoLedger ledger, string ownHold, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var state = await ledger.SettleAsync(cancellationToken);
        while (state.Hold.Length > 0 && state.Hold != ownHold && time.GetElapsedTime(started) < LongestHold)
        {
            await PauseAsync(cancellationToken);
            state = await ledger.SettleAsync(cancellationToken);
        }

        if (state.Hold != ownHold)
        {
            // Whoever asked has died, or takes too long.
            await ReleaseAsync(ledger, state.Hold);
        }

        return state;
    }

    /// <summary>A failure here must not hide what was done: the others stop waiting by themselves.</summary>
    private async Task ReleaseAsync(MongoLedger ledger, string hold)
    {
        try
        {
            await (hold.Length > 0 ? ledger.ReleaseAsync(hold, CancellationToken.None) : Task.CompletedTask);
        }
        catch (Exception away) when (connection.Explain(away) is not null)
        {
            // Said when it matters.
        }
    }

    private async Task<(T Result, bool Happened)> TryChangeAsync<T>(
        IMongoDatabase database, MongoLedger ledger, string labId, MongoLedgerState before, Func<MongoChange, Task<T>> work, CancellationToken cancellationToken)
    {
        var change = new MongoChange(database);
        T result;
        try
        {
            result = await work(change);
        }
        catch (Exception refused) when (refused is not OperationCanceledException && connection.Explain(refused) is null)
        {
            // What was read while somebody else wrote may contradict itself; then the refusal means nothing.
            if (await IsUnmovedAsync(ledger, before, cancellationToken))
            {
                throw;
            }

            return default;
        }

        if (change.Puts.Count == 0)
        {
            return (result, await IsUnmovedAsync(ledger, before, cancellationToken));
        }

        var changeId = NewId();
        var record = await new MongoRedo(database).PrepareAsync(labId, before.Version + 1, changeId, change, cancellationToken);
        await Failpoints.HitAsync(FailpointNames.StoreBeforeCommit, cancellationToken);
        if (!await DecideAsync(ledger, before, record, changeId))
        {
            return default;
        }

        try
        {
            await Failpoints.HitAsync(FailpointNames.StoreAfterCommit, CancellationToken.None);
            await ledger.TryWriteAsync(before.Version + 1, record, CancellationToken.None);
        }
        catch (Exception late) when (late is IOException || connection.Explain(late) is not null)
        {
            // It is decided and durable; whoever looks at the lab next writes it out.
        }

        return (result, true);
    }

    /// <summary>From here on the change may have happened, so whether it did is found out before anybody is told anything.</summary>
    private async Task<bool> DecideAsync(MongoLedger ledger, MongoLedgerState before, BsonDocument record, string changeId)
    {
        try
        {
            return await ledger.TryDecideAsync(before, record, CancellationToken.None);
        }
        catch (Exception lost) when (connection.Explain(lost) is not null)
        {
            if (await WasDecidedAsync(ledger, before, changeId))
            {
                return true;
            }

            throw;
        }
    }

    /// <summary>False also when nobody could be asked for too long.</summary>
    private async Task<bool> WasDecidedAsync(MongoLedger ledger, MongoLedgerState before, string changeId)
    {
        using var patience = new CancellationTokenSource(OutcomePatience, time);
        while (!patience.IsCancellationRequested)
        {
            try
            {
                return await ledger.WasDecidedAsync(before, changeId, patience.Token);
            }
            catch (Exception away) when (away is OperationCanceledException || connection.Explain(away) is not null)
            {
                await PauseAsync(CancellationToken.None);
            }
        }

        return false;
    }

    private static async Task<bool> IsUnmovedAsync(MongoLedger ledger, MongoLedgerState before, CancellationToken cancellationToken) =>
        (await ledger.ReadAsync(cancellationToken)).Version == before.Version;

    private SemaphoreSlim GateOf(string labId) => writing.GetOrAdd(labId, _ => new SemaphoreSlim(1, 1));

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private Task PauseAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(1 + RandomNumberGenerator.GetInt32((int)LongestPause.TotalMilliseconds)), time, cancellationToken);

    private MeshException Busy(string labId) =>
        new(ErrorReason.Unavailable, $"Too many processes change lab {labId} in the database {Name} at the same time; try again.");

    private async Task<T> RunAsync<T>(string operation, Func<IMongoDatabase, Task<T>> work, CancellationToken cancellationToken)
    {
        using var span = StartSpan(operation);
        try
        {
            var database = connection.Database(Name);
            await guard.RequireAsync(database, cancellationToken);
            return await work(database);
        }
        catch (Exception failed)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failed.GetType().FullName);
            if (failed is not OperationCanceledException && connection.Explain(failed) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    /// <summary>A span as part of whatever goes on; what a service does by itself, again and again, is no trace of its own.</summary>
    private Activity? StartSpan(string operation) =>
        Activity.Current is null
            ? null
            : MeshTelemetry.Source.StartActivity($"{operation} {Name}", ActivityKind.Client)
                ?.SetTag("db.system.name", "mongodb").SetTag("db.namespace", Name).SetTag("db.operation.name", operation);
}
