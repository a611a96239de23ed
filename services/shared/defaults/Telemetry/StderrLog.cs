using System.Globalization;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>One line for each message, on stderr: nothing ever goes to stdout, and no exception brings its text or its stack along.</summary>
/// <param name="stderr">Where the lines go.</param>
/// <param name="least">The least level that is written; NONE for nothing.</param>
/// <param name="clock">Gives each line its time; null for lines that a person reads as they come.</param>
public sealed class StderrLog(TextWriter stderr, LogLevel least, TimeProvider? clock) : ILoggerProvider, ILogger
{
    private readonly Lock writing = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel is not LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // Of an exception only its type: its message may hold what others typed.
        var cause = exception is null ? "" : $" ({exception.GetType().Name})";
        var line = $"{Time()}{Name(logLevel)}: {formatter(state, exception).ReplaceLineEndings(" ")}{cause}";
        lock (writing)
        {
            stderr.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        LogLevel.Debug or LogLevel.Trace => "debug",
        _ => "error",
    };

    private string Time() => clock is null ? "" : clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", CultureInfo.InvariantCulture);
}
