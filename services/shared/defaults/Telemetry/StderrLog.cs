using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Embedded;

/// <summary>Warnings and errors, one line each, on stderr.</summary>
internal sealed class StderrLog(TextWriter stderr, LogLevel least) : ILoggerProvider, ILogger
{
    private readonly Lock writing = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel is >= LogLevel.Warning and not LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // Of an exception only its type: its message may hold what others typed.
        var cause = exception is null ? "" : $" ({exception.GetType().Name})";
        var line = $"{(logLevel is LogLevel.Warning ? "warning" : "error")}: {formatter(state, exception).ReplaceLineEndings(" ")}{cause}";
        lock (writing)
        {
            stderr.WriteLine(line);
        }
    }

    public void Dispose()
    {
    }
}
