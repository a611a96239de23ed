using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>One prepared statement that changes rows. A page brings hundreds of them, so it goes to SQLite without a reader and objects for every value.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private (string Name, int Index)[] places = [];

    /// <summary>Prepares <paramref name="sql"/>, which must be one statement.</summary>
    /// <exception cref="SqliteException">SQLite does not take it.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement, out var rest), database);
        if (!string.IsNullOrWhiteSpace(rest))
        {
            statement.Dispose();
            throw new ArgumentException("Only one statement can have parameters.", nameof(sql));
        }
    }

    /// <summary>Runs it; returns the rows that it changed.</summary>
    /// <exception cref="SqliteException">SQLite refuses.</exception>
    public int Run(ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Place(parameters);
        for (var i = 0; i < parameters.Length; i++)
        {
            SqliteException.ThrowExceptionForRC(Bind(places[i].Index, parameters[i].Value), database);
        }

        try
        {
            var result = raw.sqlite3_step(statement);
            SqliteException.ThrowExceptionForRC(result is raw.SQLITE_DONE or raw.SQLITE_ROW ? raw.SQLITE_OK : result, database);
            return raw.sqlite3_changes(database);
        }
        finally
        {
            // Says again what the step said.
            _ = raw.sqlite3_reset(statement);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();

    /// <summary>Finds where the names stand; they are the same each time, so they are looked up once.</summary>
    private void Place(ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var isKnown = places.Length == parameters.Length;
        for (var i = 0; isKnown && i < places.Length; i++)
        {
            isKnown = string.Equals(places[i].Name, parameters[i].Name, StringComparison.Ordinal);
        }

        if (isKnown)
        {
            return;
        }

        var found = new (string Name, int Index)[parameters.Length];
        for (var i = 0; i < found.Length; i++)
        {
            var name = parameters[i].Name;
            found[i] = (name, raw.sqlite3_bind_parameter_index(statement, name));
            if (found[i].Index == 0)
            {
                throw new ArgumentException($"The statement has no parameter {name}.", nameof(parameters));
            }
        }

        if (found.Select(place => place.Index).Distinct().Count() != raw.sqlite3_bind_parameter_count(statement))
        {
            throw new ArgumentException("The statement has parameters without a value.", nameof(parameters));
        }

        places = found;
    }

    private int Bind(int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        string text => raw.sqlite3_bind_text(statement, index, text),
        long number => raw.sqlite3_bind_int64(statement, index, number),
        int number => raw.sqlite3_bind_int64(statement, index, number),
        bool truth => raw.sqlite3_bind_int64(statement, index, truth ? 1 : 0),
        double number => raw.sqlite3_bind_double(statement, index, number),
        byte[] bytes => raw.sqlite3_bind_blob(statement, index, bytes),
        _ => throw new ArgumentException($"A value of type {value.GetType().Name} is not stored; give text, a number, true or false, or bytes.", nameof(value)),
    };
}
