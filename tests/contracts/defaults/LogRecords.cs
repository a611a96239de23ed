using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogRecords : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> records = new();

    public IReadOnlyCollection<(LogLevel Level, string Text)> All => records;

    public ILogger CreateLogger(string categoryName) => new Recorder(records);

    public void Dispose()
    {
    }

    private sealed class Recorder(ConcurrentQueue<(LogLevel Level, string Text)> records) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            records.Enqueue((logLevel, formatter(state, exception) + exception));
    }
}
