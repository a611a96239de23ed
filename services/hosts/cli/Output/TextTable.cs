using System.Globalization;
using Spectre.Console;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>Rows for people: drawn on a terminal, plain columns where the output is piped.</summary>
internal sealed class TextTable(params string[] columns)
{
    // A cell's spaces and one border.
    private const int CellFrame = 3;
    private const int LeastWidth = 12;

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
        if (shell.OutputIsTerminal && Draw(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(shell.Output) })))
        {
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

    // The last column takes what is left: it is cut, so that a row stays a row. A terminal too narrow for that gets plain columns.
    private bool Draw(IAnsiConsole console)
    {
        var last = columns.Length - 1;
        var taken = Enumerable.Range(0, last).Sum(place => rows.Select(row => row[place].GetCellWidth()).Append(columns[place].Length).Max() + CellFrame);
        var left = console.Profile.Width - taken - CellFrame - 1;
        if (left < LeastWidth)
        {
            return false;
        }

        var table = new Table { Border = TableBorder.Rounded };
        for (var place = 0; place < columns.Length; place++)
        {
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(columns[place])}[/]") { Alignment = right.Contains(place) ? Justify.Right : Justify.Left, NoWrap = true });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select((cell, place) => Markup.Escape(place == last ? Cut(cell, left) : cell))]);
        }

        console.Write(table);
        return true;
    }

    private static IEnumerable<string> Letters(string text)
    {
        for (var letters = StringInfo.GetTextElementEnumerator(text); letters.MoveNext();)
        {
            yield return letters.GetTextElement();
        }
    }

    private static string Cut(string cell, int width)
    {
        if (cell.GetCellWidth() <= width)
        {
            return cell;
        }

        var cut = "";
        foreach (var letter in Letters(cell))
        {
            if ((cut + letter).GetCellWidth() >= width)
            {
                break;
            }

            cut += letter;
        }

        return cut + "…";
    }
}
