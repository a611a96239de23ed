using IssueObservatory.Mesh.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>A few lines on a terminal that keep up with the collection, the countdown included.</summary>
internal sealed class LiveCollectionView : ICollectionView
{
    private const int BarWidth = 40;

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);

    private readonly Shell shell;
    private readonly CancellationTokenSource ended = new();
    private readonly Task drawing;
    private volatile CollectionStatus? status;

    public LiveCollectionView(Shell shell)
    {
        this.shell = shell;
        drawing = DrawAsync(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(shell.Error) }), ended.Token);
    }

    public void Show(CollectionStatus status) => this.status = status;

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await drawing;
        ended.Dispose();
    }

    private async Task DrawAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        while (status is null && !cancellationToken.IsCancellationRequested)
        {
            await PauseAsync(cancellationToken);
        }

        if (status is not { } first)
        {
            return;
        }

        await console.Live(Picture(first)).AutoClear(false).StartAsync(async live =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                live.UpdateTarget(Picture(status));
                live.Refresh();
                await PauseAsync(cancellationToken);
            }

            live.UpdateTarget(Picture(status));
            live.Refresh();
        });
    }

    private async Task PauseAsync(CancellationToken cancellationToken) =>
        await Task.Delay(Frame, shell.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // Always four lines: the library leaves remains when a picture grows.
    private Rows Picture(CollectionStatus now)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().PadLeft(2));
        grid.AddRow(new Markup($"[bold]{Markup.Escape(CollectionText.Subject(now))}[/]"), new Markup($"[grey]{Markup.Escape(CollectionText.Scope(now))}[/]"));
        grid.AddRow(Bar(now), new Text(Steps(now)));
        grid.AddRow(new Markup($"[bold]{CollectionText.Number(CollectionText.Records(now))}[/] records, {CollectionText.Number(now.Records?.New ?? 0)} new{PerUnit(now)}"), new Text(CollectionText.Units(now)));
        var waiting = CollectionText.Waiting(now, shell.Clock.GetUtcNow());
        return new Rows(grid, waiting.Length == 0 ? new Text(" ") : new Markup($"[yellow]{Markup.Escape(waiting)}[/]"));
    }

    private static string Steps(CollectionStatus now)
    {
        var (unit, complete, missing, all) = CollectionText.Steps(now);
        return $"{CollectionText.Number(complete + missing)} of {CollectionText.Number(all)} {unit}{(missing > 0 ? $", {CollectionText.Number(missing)} missing" : "")}";
    }

    private static string PerUnit(CollectionStatus now) => now.Requests?.Sent is > 0 and var sent
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" [grey]({CollectionText.Received(now) / (double)sent:F1} per unit)[/]")
        : "";

    private static Markup Bar(CollectionStatus now)
    {
        var (_, completeSteps, missing, all) = CollectionText.Steps(now);
        var complete = (int)(BarWidth * completeSteps / Math.Max(1, all));
        var gap = (int)Math.Ceiling(BarWidth * missing / (double)Math.Max(1, all));
        gap = Math.Min(gap, BarWidth - complete);
        return new($"[green]{new string('━', complete)}[/][red]{new string('━', gap)}[/][grey]{new string('━', BarWidth - complete - gap)}[/]");
    }
}
