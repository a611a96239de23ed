using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// One SQLite file: one writer at a time, readers beside it, every commit durable (WAL, <c>synchronous=FULL</c>).
/// The schema is a list of steps; <c>user_version</c> counts those that were taken.
/// </summary>
public sealed class SqliteFile : IDisposable
{
    private readonly string path;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SqliteSession writer;
    private readonly System.Collections.Concurrent.ConcurrentBag<SqliteSession> idleReaders = [];

    private SqliteFile(string path, SqliteSession writer)
    {
        this.path = path;
        this.writer = writer;
    }

    /// <summary>Opens or creates the file (readable by its owner only) and takes the steps that are missing.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public static SqliteFile Open(string path, IReadOnlyList<string> schemaSteps)
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            File.Open(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        }

        var file = new SqliteFile(path, Connect(path));
        file.writer.Execute("PRAGMA journal_mode=WAL");
        var version = file.writer.Number("PRAGMA user_version");
        if (version > schemaSteps.Count)
        {
            file.Dispose();
            throw new InvalidDataException($"{Path.GetFileName(path)} has schema {version}, this version knows up to {schemaSteps.Count}; use the version that wrote it or a newer one.");
        }

        for (var step = (int)version; step < schemaSteps.Count; step++)
        {
            file.writer.Execute($"BEGIN IMMEDIATE; {schemaSteps[step]}; PRAGMA user_version={step + 1}; COMMIT");
        }

        return file;
    }

    /// <summary>Runs <paramref name="work"/> in one transaction; when it returns, the result is durable; when it throws, nothing happened.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            writer.Execute("BEGIN IMMEDIATE");
            try
            {
                var result = work(writer);
                writer.Execute("COMMIT");
                return result;
            }
            catch
            {
                writer.Execute("ROLLBACK");
                throw;
            }
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
        cancellationToken.ThrowIfCancellationRequested();
        var reader = idleReaders.TryTake(out var idle) ? idle : Connect(path);
        try
        {
            reader.Execute("BEGIN DEFERRED");
            try
            {
                return Task.FromResult(work(reader));
            }
            finally
            {
                reader.Execute("COMMIT");
            }
        }
        finally
        {
            idleReaders.Add(reader);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }

        writer.Dispose();
        writing.Dispose();
    }

    private static SqliteSession Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        var session = new SqliteSession(connection);
        session.Execute("PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON");
        return session;
    }
}
