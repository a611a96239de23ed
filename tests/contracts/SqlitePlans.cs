using IssueObservatory.Mesh.Defaults;
using Microsoft.Data.Sqlite;
using Shouldly;

namespace IssueObservatory.Mesh.Tests;

/// <summary>
/// Watches that nothing a store asks of its file reads whatever a lab has ever kept. SQLite's planner believes that <c>lab_id = ?</c> leaves ten rows, and a statement that it
/// runs so costs the more the longer a lab works.
/// </summary>
/// <param name="small">Tables that may be read whole: a lab has few rows in them, however long it works.</param>
internal sealed class SqlitePlans(params string[] small)
{
    private const string SaysSo = "/* The whole ";

    private static readonly string[] Verbs = ["SELECT", "WITH", "UPDATE", "DELETE", "INSERT", "REPLACE"];

    private readonly HashSet<string> statements = new(StringComparer.Ordinal);

    /// <summary>Remembers what was asked of a file, before it is closed.</summary>
    public void Watch(SqliteFile file) => statements.UnionWith(file.Statements);

    /// <summary>Lets SQLite say how it runs each. Whole may be read what a partial index holds (work that is not over), an index as far as a LIMIT goes,
    /// and by a statement that says so in a comment of its own, which begins with "The whole".</summary>
    public void Check(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        var tables = Read(connection, "SELECT name FROM sqlite_master WHERE type = 'table'").Except(small, StringComparer.Ordinal).ToList();
        var partial = Read(connection, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'").ToHashSet(StringComparer.Ordinal);
        foreach (var statement in statements.Where(each => Verbs.Any(verb => each.TrimStart().StartsWith(verb, StringComparison.Ordinal)) && !each.Contains(SaysSo, StringComparison.Ordinal)))
        {
            var steps = Read(connection, $"EXPLAIN QUERY PLAN {statement}", column: 3);
            var isCut = statement.Contains(" LIMIT ", StringComparison.Ordinal) && !steps.Contains("USE TEMP B-TREE FOR ORDER BY");
            var whole = steps.Where(step => ReadsAll(step, partial) && !(isCut && step.Contains(" INDEX ", StringComparison.Ordinal)) && tables.Any(table => IsOf(step, table, statement))).ToList();
            whole.ShouldBeEmpty($"It reads all that a lab has kept:\n{statement}");
        }
    }

    private static bool ReadsAll(string step, HashSet<string> partial)
    {
        var index = step.Split(' ').SkipWhile(word => word != "INDEX").Skip(1).FirstOrDefault("");
        return !partial.Contains(index) && (step.StartsWith("SCAN ", StringComparison.Ordinal) || step.EndsWith("(lab_id=?)", StringComparison.Ordinal));
    }

    /// <summary>A step names a table as the statement does: by its name or by a short one.</summary>
    private static bool IsOf(string step, string table, string statement) =>
        step.Split(' ')[1] is var name && (name == table || statement.Contains($" {table} {name}", StringComparison.Ordinal));

    private static List<string> Read(SqliteConnection connection, string sql, int column = 0)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // What the stores ask.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        List<string> values = [];
        while (reader.Read())
        {
            values.Add(reader.GetString(column));
        }

        return values;
    }
}
