using Spectre.Console;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>Rows for people: drawn on a terminal, plain columns where the output is piped.</summary>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> rows = [];
    private readonly HashSet<int> right = [];

    /// <summary>These columns hold numbers.</summary>
    public TextTable Numbers(params int[] places)
    {
        right.UnionWith(places);
        return this;
    }

    /// <summary>One row more.</summary>
    public void Add(params string[] cells) => rows.Add([.. cells.Select(Visible)]);

    /// <summary>Writes it.</summary>
    public void Write(Shell shell)
    {
        if (shell.OutputIsTerminal)
        {
            Draw(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(shell.Output) }));
            return;
        }

        var widths = columns.Select((name, place) => rows.Select(row => row[place].Length).Append(name.Length).Max()).ToArray();
        foreach (var row in rows.Prepend(columns))
        {
            shell.Output.WriteLine(string.Join("  ", row.Select((cell, place) => right.Contains(place) ? cell.PadLeft(widths[place]) : cell.PadRight(widths[place]))).TrimEnd());
        }
    }

    /// <summary>Text of strangers must not steer a terminal.</summary>
    internal static string Visible(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;

    private void Draw(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Rounded };
        for (var place = 0; place < columns.Length; place++)
        {
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(columns[place])}[/]") { Alignment = right.Contains(place) ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        console.Write(table);
    }
}
