using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Bench;

/// <summary>SQLite as it comes: one connection, WAL, every commit durable, prepared statements whose parameters are only set anew.</summary>
internal sealed class BareSqlite : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    public BareSqlite(string path, params IEnumerable<string> schema)
    {
        connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        foreach (var statement in (IEnumerable<string>)["PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", .. schema])
        {
            Run(statement);
        }
    }

    /// <summary>Runs a statement; its parameters are @0, @1 and so on.</summary>
    public void Run(string sql, params ReadOnlySpan<object> values)
    {
        var command = Prepared(sql, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    /// <summary>Every row of a query.</summary>
    public object[][] Rows(string sql, params ReadOnlySpan<object> values)
    {
        var command = Prepared(sql, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        using var reader = command.ExecuteReader();
        List<object[]> rows = [];
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return [.. rows];
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Prepared(string sql, int parameters)
    {
        if (prepared.TryGetValue(sql, out var known))
        {
            return known;
        }

        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The bench's own statements; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new() { ParameterName = $"@{i}" });
        }

        prepared.Add(sql, command);
        return command;
    }
}
