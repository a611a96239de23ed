using IssueObservatory.Mesh.Defaults;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>What the stores rely on.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private static readonly string[] Schema = ["CREATE TABLE items (id TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT"];

    private readonly string folder = Directory.CreateTempSubdirectory("mesh-sqlite-").FullName;

    private string File => Path.Combine(folder, "sample.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_was_written_is_there_after_the_file_was_closed()
    {
        using (var file = SqliteFile.Open(File, Schema))
        {
            await AddAsync(file, "a", 1);
        }

        using var again = SqliteFile.Open(File, Schema);
        (await CountAsync(again)).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_closed_lets_the_write_in_hand_end_and_takes_no_other()
    {
        var file = SqliteFile.Open(File, Schema);
        using var begun = new ManualResetEventSlim();
        using var ends = new ManualResetEventSlim();
        var writing = Task.Run(() => file.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO items VALUES ($id, $count)", ("$id", "a"), ("$count", 1));
                begun.Set();
                ends.Wait(CancellationToken.None);
                session.Execute("UPDATE items SET count = $count WHERE id = $id", ("$id", "a"), ("$count", 2));
            },
            CancellationToken.None));
        begun.Wait(CancellationToken.None);

        var closing = Task.Run(file.Dispose);
        await Task.WhenAny(closing, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        closing.IsCompleted.ShouldBeFalse("the write is in hand");
        ends.Set();
        await writing;
        await closing;

        await Should.ThrowAsync<ObjectDisposedException>(() => AddAsync(file, "b", 1));
        using var again = SqliteFile.Open(File, Schema);
        (await again.ReadAsync(session => Of(session, "a"), CancellationToken.None)).ShouldBe(2);
    }

    [Fact]
    public async Task A_write_is_on_disk_when_it_returns_even_if_nothing_is_closed()
    {
        using var file = SqliteFile.Open(File, Schema);
        await AddAsync(file, "a", 1);

        // What a killed process leaves: the file and its log, as they are now.
        var copy = Directory.CreateDirectory(Path.Combine(folder, "copy")).FullName;
        foreach (var part in new[] { "sample.db", "sample.db-wal" })
        {
            System.IO.File.Copy(Path.Combine(folder, part), Path.Combine(copy, part));
        }

        using var after = SqliteFile.Open(Path.Combine(copy, "sample.db"), Schema);
        (await CountAsync(after)).ShouldBe(1);
        (await file.ReadAsync(session => session.Number("PRAGMA synchronous"), CancellationToken.None)).ShouldBe(2);
        (await file.WriteAsync(session => session.Number("PRAGMA synchronous"), CancellationToken.None)).ShouldBe(2);
    }

    [Fact]
    public async Task A_write_that_throws_leaves_nothing_and_the_next_one_works()
    {
        using var file = SqliteFile.Open(File, Schema);

        await Should.ThrowAsync<InvalidOperationException>(() => file.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO items VALUES ('a', 1)");
                throw new InvalidOperationException();
            },
            CancellationToken.None));
        await AddAsync(file, "b", 2);

        (await file.ReadAsync(session => session.Query("SELECT id FROM items", row => row.GetString(0)), CancellationToken.None)).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_rollback_by_sqlite_itself_shows_the_first_cause()
    {
        using var file = SqliteFile.Open(File, Schema);
        await AddAsync(file, "a", 1);

        var failed = await Should.ThrowAsync<SqliteException>(() => file.WriteAsync(session => session.Execute("INSERT OR ROLLBACK INTO items VALUES ('a', 2)"), CancellationToken.None));

        failed.SqliteErrorCode.ShouldBe(19);
        await AddAsync(file, "b", 1);
        (await CountAsync(file)).ShouldBe(2);
    }

    [Fact]
    public async Task Parallel_writers_lose_nothing_and_readers_see_whole_transactions()
    {
        using var file = SqliteFile.Open(File, Schema);
        await AddAsync(file, "left", 0);
        await AddAsync(file, "right", 0);

        var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var at = 0; at < 50; at++)
            {
                await file.WriteAsync(
                    session =>
                    {
                        session.Execute("UPDATE items SET count = count + 1 WHERE id = 'left'");
                        session.Execute("UPDATE items SET count = count + 1 WHERE id = 'right'");
                    },
                    CancellationToken.None);
            }
        }));
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var at = 0; at < 100; at++)
            {
                var (left, right) = await file.ReadAsync(session => (Of(session, "left"), Of(session, "right")), CancellationToken.None);
                left.ShouldBe(right);
            }
        }));
        await Task.WhenAll(writers.Concat(readers));

        (await file.ReadAsync(session => Of(session, "left"), CancellationToken.None)).ShouldBe(400);
    }

    [Fact]
    public async Task A_reader_goes_on_while_a_writer_is_in_the_middle()
    {
        using var file = SqliteFile.Open(File, Schema);
        var writing = new TaskCompletionSource();
        using var release = new ManualResetEventSlim();
        var write = Task.Run(() => file.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO items VALUES ('a', 1)");
                writing.SetResult();
                release.Wait(TimeSpan.FromSeconds(20));
            },
            CancellationToken.None));
        await writing.Task;

        (await CountAsync(file)).ShouldBe(0);
        release.Set();
        await write;
        (await CountAsync(file)).ShouldBe(1);
    }

    [Fact]
    public async Task A_read_sees_one_state_from_beginning_to_end()
    {
        using var file = SqliteFile.Open(File, Schema);
        await AddAsync(file, "a", 1);

        var (before, after) = await file.ReadAsync(
            session =>
            {
                var first = Of(session, "a");
                file.WriteAsync(writing => writing.Execute("UPDATE items SET count = 2"), CancellationToken.None).GetAwaiter().GetResult();
                return (first, Of(session, "a"));
            },
            CancellationToken.None);

        before.ShouldBe(1);
        after.ShouldBe(1);
        (await file.ReadAsync(session => Of(session, "a"), CancellationToken.None)).ShouldBe(2);
    }

    [Fact]
    public async Task A_read_that_throws_does_not_spoil_the_next()
    {
        using var file = SqliteFile.Open(File, Schema);

        await Should.ThrowAsync<SqliteException>(async () => await file.ReadAsync(session => session.Number("SELECT no FROM thing"), CancellationToken.None));

        (await CountAsync(file)).ShouldBe(0);
    }

    [Fact]
    public async Task Steps_are_taken_once_and_new_ones_later()
    {
        using (var old = SqliteFile.Open(File, Schema))
        {
            await AddAsync(old, "a", 1);
        }

        using var newer = SqliteFile.Open(File, [.. Schema, "ALTER TABLE items ADD COLUMN note TEXT; UPDATE items SET note = 'kept'"]);

        (await newer.ReadAsync(session => session.First("SELECT note FROM items", row => row.GetString(0)), CancellationToken.None)).ShouldBe("kept");
    }

    [Fact]
    public void A_step_that_fails_leaves_the_file_as_it_was()
    {
        Should.Throw<SqliteException>(() => SqliteFile.Open(File, [.. Schema, "CREATE TABLE half (id TEXT); CREATE TABLE items (id TEXT)"]));

        using var file = SqliteFile.Open(File, [.. Schema, "CREATE TABLE half (id TEXT)"]);
        file.ReadAsync(session => session.Number("PRAGMA user_version"), CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void A_file_of_a_newer_version_is_refused_by_name()
    {
        SqliteFile.Open(File, [.. Schema, "CREATE TABLE more (id TEXT)"]).Dispose();

        Should.Throw<InvalidDataException>(() => SqliteFile.Open(File, Schema)).Message.ShouldBe("sample.db has schema 2, this version knows up to 1; use the version that wrote it or a newer one.");
    }

    [Fact]
    public async Task All_its_files_are_their_owners_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var file = SqliteFile.Open(File, Schema);
        await AddAsync(file, "a", 1);

        foreach (var part in Directory.GetFiles(folder))
        {
#pragma warning disable CA1416 // Skipped above.
            System.IO.File.GetUnixFileMode(part).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, part);
#pragma warning restore CA1416
        }

        Directory.GetFiles(folder).Length.ShouldBe(3);
    }

    private static Task AddAsync(SqliteFile file, string id, int count) =>
        file.WriteAsync(session => session.Execute("INSERT INTO items VALUES ($id, $count)", ("$id", id), ("$count", count)), CancellationToken.None);

    private static Task<long> CountAsync(SqliteFile file) => file.ReadAsync(session => session.Number("SELECT count(*) FROM items"), CancellationToken.None);

    private static long Of(SqliteSession session, string id) => session.Number("SELECT count FROM items WHERE id = $id", ("$id", id));
}
