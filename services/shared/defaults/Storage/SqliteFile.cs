using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// One SQLite file: one writer at a time, readers beside it, every commit durable (WAL, <c>synchronous=FULL</c>).
/// The schema is a list of steps; <c>user_version</c> counts those that were taken.
/// </summary>
public sealed class SqliteFile : IDisposable
{
    private readonly string path;
    private readonly string name;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SqliteSession writer;
    private readonly System.Collections.Concurrent.ConcurrentBag<SqliteSession> idleReaders = [];

    private int isDisposed;

    private SqliteFile(string path, SqliteSession writer)
    {
        this.path = path;
        name = Path.GetFileNameWithoutExtension(path);
        this.writer = writer;
    }

    /// <summary>Opens or creates the file (readable by its owner only) and takes the steps that are missing; a step that fails leaves nothing behind.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public static SqliteFile Open(string path, IReadOnlyList<string> schemaSteps) => Open(path, schemaSteps, _ => { });

    /// <summary>As the other overload; <paramref name="prepare"/> mends, before anybody else, what the last process left.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public static SqliteFile Open(string path, IReadOnlyList<string> schemaSteps, Action<SqliteSession> prepare)
    {
        ArgumentNullException.ThrowIfNull(schemaSteps);
        ArgumentNullException.ThrowIfNull(prepare);
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            File.Open(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        }

        var file = new SqliteFile(path, Connect(path));
        try
        {
            file.writer.Execute("PRAGMA journal_mode=WAL");
            for (var known = file.Version(schemaSteps.Count); known < schemaSteps.Count; known = file.Version(schemaSteps.Count))
            {
                file.Take(schemaSteps, known);
            }

            prepare(file.writer);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes that are free where the file lies.</summary>
    public long FreeBytes => new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace;

    /// <summary>What has been asked of it, for tests of how SQLite runs it.</summary>
    internal IEnumerable<string> Statements => idleReaders.Append(writer).SelectMany(session => session.Statements);

    /// <summary>Runs <paramref name="work"/> in one transaction; when it returns, the result is durable; when it throws, nothing happened.</summary>
    /// <exception cref="MeshException">UNAVAILABLE: the disk is full, may not be written, or fails.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        using var span = StartSpan("write");
        await writing.WaitAsync(cancellationToken);
        try
        {
            return Transact(() => work(writer));
        }
        catch (Exception failed)
        {
            Failed(span, failed);
            if (Explain(failed) is { } explained)
            {
                throw explained;
            }

            throw;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>As the other overload, without a result.</summary>
    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellationToken);

    /// <summary>Runs <paramref name="work"/> on one consistent snapshot; writers go on beside it.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        cancellationToken.ThrowIfCancellationRequested();
        using var span = StartSpan("read");
        var reader = idleReaders.TryTake(out var idle) ? idle : Connect(path);
        try
        {
            reader.Execute("BEGIN DEFERRED");
            var result = work(reader);
            reader.Execute("COMMIT");
            idleReaders.Add(reader);
            return Task.FromResult(result);
        }
        catch (Exception failed)
        {
            // Whatever state it is in, nobody shall read through it again.
            reader.Dispose();
            Failed(span, failed);
            throw;
        }
    }

    /// <summary>Waits for a write in hand; whoever comes later finds the file closed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 1)
        {
            return;
        }

        writing.Wait();
        while (idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }

        writer.Dispose();
        writing.Release();
        writing.Dispose();
    }

    /// <summary>A span as part of whatever goes on; what a service does by itself, again and again, is no trace of its own.</summary>
    private Activity? StartSpan(string operation)
    {
        var around = Activity.Current;
        var span = around is null ? null : MeshTelemetry.Source.StartActivity($"{operation} {name}", ActivityKind.Client);
        span?.SetTag("db.system.name", "sqlite").SetTag("db.namespace", name).SetTag("db.operation.name", operation);

        // A leaf: what is decided within the transaction belongs to whoever asked for it.
        Activity.Current = around;
        return span;
    }

    /// <summary>What the disk refused, in a sentence for people; null when it is a defect of ours.</summary>
    private MeshException? Explain(Exception failed) => failed is SqliteException { SqliteErrorCode: var code }
        ? code switch
        {
            raw.SQLITE_FULL => Unavailable("has no room left on its disk", failed),
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => Unavailable("may not be written", failed),
            raw.SQLITE_IOERR => Unavailable("cannot be written; its disk fails", failed),
            _ => null,
        }
        : null;

    private MeshException Unavailable(string what, Exception failed) => new(V1.ErrorReason.Unavailable, $"{Path.GetFileName(path)} {what}.", failed);

    private static void Failed(Activity? span, Exception failed) => span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failed.GetType().FullName);

    private int Version(int known)
    {
        var version = writer.Number("PRAGMA user_version");
        return version <= known
            ? (int)version
            : throw new InvalidDataException($"{Path.GetFileName(path)} has schema {version}, this version knows up to {known}; use the version that wrote it or a newer one.");
    }

    private void Take(IReadOnlyList<string> steps, int step) => Transact(() =>
    {
        // Another process may have taken it while this one waited for the lock.
        if (writer.Number("PRAGMA user_version") == step)
        {
            writer.Execute(steps[step]);
            writer.Execute($"PRAGMA user_version={step + 1}");
        }

        return true;
    });

    private T Transact<T>(Func<T> work)
    {
        writer.Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work();
            writer.Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        try
        {
            writer.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (disk full, I/O error); the first exception is the one to see.
        }
    }

    private static SqliteSession Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        var session = new SqliteSession(connection);
        try
        {
            connection.Open();
            session.Execute("PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
