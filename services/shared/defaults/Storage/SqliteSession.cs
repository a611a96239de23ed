using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>One connection with its prepared statements, for the length of one read or one transaction.</summary>
public sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement> changes = new(StringComparer.Ordinal);

    internal SqliteSession(SqliteConnection connection) => this.connection = connection;

    /// <summary>What it has prepared.</summary>
    internal IEnumerable<string> Statements => commands.Keys.Concat(changes.Keys);

    /// <summary>Runs a statement; returns the rows that it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        // Without parameters it may be several statements, or a transaction's begin or end, which may have to wait for another process.
        if (parameters.IsEmpty)
        {
            return Prepare(sql, parameters).ExecuteNonQuery();
        }

        if (!changes.TryGetValue(sql, out var change))
        {
            change = new(connection, sql);
            changes.Add(sql, change);
        }

        return change.Run(parameters);
    }

    /// <summary>Every row, read by <paramref name="read"/>.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The first row, or default when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>The first column of the first row as a number; 0 when there is none.</summary>
    public long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Prepare(sql, parameters).ExecuteScalar() is long number ? number : 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in commands.Values)
        {
            command.Dispose();
        }

        foreach (var change in changes.Values)
        {
            change.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of the stores; values are always parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            commands.Add(sql, command);
        }

        if (!TrySet(command.Parameters, parameters))
        {
            command.Parameters.Clear();
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }
        }

        return command;
    }

    /// <summary>A statement is nearly always run with the same names: then only the values change.</summary>
    private static bool TrySet(SqliteParameterCollection known, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (known.Count != parameters.Length)
        {
            return false;
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            if (!string.Equals(known[i].ParameterName, parameters[i].Name, StringComparison.Ordinal))
            {
                return false;
            }

            known[i].Value = parameters[i].Value ?? DBNull.Value;
        }

        return true;
    }
}
