using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>A line now and then, for logs and pipes.</summary>
internal sealed class PlainCollectionView(Shell shell) : ICollectionView
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private long lastAt;
    private string last = "";
    private string lastWaiting = "";

    public void Show(CollectionStatus status)
    {
        var now = shell.Clock.GetUtcNow();
        var line = CollectionText.Progress(status);
        var waiting = status.WaitingFor + status.WaitingUntil;
        var news = !string.Equals(waiting, lastWaiting, StringComparison.Ordinal);
        var due = last.Length == 0 || shell.Clock.GetElapsedTime(lastAt) >= Pause;
        if (!news && (!due || string.Equals(line, last, StringComparison.Ordinal)))
        {
            return;
        }

        (last, lastWaiting, lastAt) = (line, waiting, shell.Clock.GetTimestamp());
        var why = CollectionText.Waiting(status, now);
        shell.Say(why.Length == 0 ? line : $"{line} · {why}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
