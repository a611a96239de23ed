using IssueObservatory.Mesh.Defaults;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Statements that change rows go to SQLite directly: values, counts and failures must be those of everyone else's SQLite.</summary>
public sealed class SqliteStatementTests : IDisposable
{
    private const string Put = "INSERT INTO items (id, value) VALUES (@id, @value) ON CONFLICT DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value";

    private static readonly string[] Schema = ["CREATE TABLE items (id TEXT PRIMARY KEY, value ANY CHECK (value IS NOT 'wrong')) STRICT"];

    private readonly string folder = Directory.CreateTempSubdirectory("mesh-statement-").FullName;
    private readonly SqliteFile file;

    public SqliteStatementTests() => file = SqliteFile.Open(Path.Combine(folder, "sample.db"), Schema);

    public static TheoryData<object?, object> Values => new()
    {
        { null, DBNull.Value },
        { "Æble & pære 🍐", "Æble & pære 🍐" },
        { "", "" },
        { long.MinValue, long.MinValue },
        { 7, 7L },
        { true, 1L },
        { false, 0L },
        { 0.25, 0.25 },
        { new byte[] { 0, 255 }, new byte[] { 0, 255 } },
        { Array.Empty<byte>(), Array.Empty<byte>() },
    };

    public void Dispose()
    {
        file.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_comes_back_as_it_was(object? given, object stored)
    {
        await PutAsync("a", given);

        (await ValueAsync("a")).ShouldBe(stored);
    }

    [Fact]
    public async Task It_tells_the_rows_that_it_changed()
    {
        (await PutAsync("a", 1)).ShouldBe(1);
        (await PutAsync("a", 2)).ShouldBe(1);
        (await PutAsync("a", 2)).ShouldBe(0);
        await PutAsync("b", 2);
        (await file.WriteAsync(session => session.Execute("DELETE FROM items WHERE value = @value", ("@value", 2)), Token)).ShouldBe(2);
    }

    [Fact]
    public async Task Each_run_has_its_own_values_in_any_order_of_names()
    {
        await file.WriteAsync(
            session =>
            {
                session.Execute(Put, ("@id", "a"), ("@value", 1));
                session.Execute(Put, ("@value", null), ("@id", "b"));
                session.Execute(Put, ("@id", "c"), ("@value", 3));
            },
            Token);

        (await ValueAsync("a")).ShouldBe(1L);
        (await ValueAsync("b")).ShouldBe(DBNull.Value);
        (await ValueAsync("c")).ShouldBe(3L);
    }

    [Fact]
    public async Task What_sqlite_refuses_is_its_own_exception_and_the_statement_goes_on_working()
    {
        await PutAsync("a", 1);

        (await Should.ThrowAsync<SqliteException>(PutAsync("a", "wrong"))).SqliteExtendedErrorCode.ShouldBe(SQLitePCL.raw.SQLITE_CONSTRAINT_CHECK);

        (await ValueAsync("a")).ShouldBe(1L);
        (await PutAsync("a", 2)).ShouldBe(1);
    }

    [Fact]
    public async Task A_statement_that_sqlite_cannot_read_is_its_own_exception() =>
        await Should.ThrowAsync<SqliteException>(file.WriteAsync(session => session.Execute("INSERT INTO nothing VALUES (@id)", ("@id", "a")), Token));

    [Theory]
    [InlineData("INSERT INTO items (id, value) VALUES (@id, @value)", "without a value")]
    [InlineData("INSERT INTO items (id) VALUES (@name)", "no parameter @id")]
    [InlineData("DELETE FROM items WHERE id = @id; DELETE FROM items", "one statement")]
    public async Task Names_that_do_not_fit_change_nothing(string sql, string why)
    {
        await PutAsync("kept", 1);

        var refused = await Should.ThrowAsync<ArgumentException>(file.WriteAsync(session => session.Execute(sql, ("@id", "a")), Token));

        refused.Message.ShouldContain(why);
        (await ValueAsync("kept")).ShouldBe(1L);
        (await ValueAsync("a")).ShouldBeNull();
    }

    [Fact]
    public async Task A_value_of_another_type_is_refused_by_name() =>
        (await Should.ThrowAsync<ArgumentException>(PutAsync("a", Guid.Empty))).Message.ShouldContain("Guid");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<int> PutAsync(string id, object? value) => file.WriteAsync(session => session.Execute(Put, ("@id", id), ("@value", value)), Token);

    private Task<object?> ValueAsync(string id) =>
        file.ReadAsync(session => session.First<object>("SELECT value FROM items WHERE id = @id", row => row.GetValue(0), ("@id", id)), Token);
}
