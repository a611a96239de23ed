using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.Normalizer;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>A normalizer over a real data folder; pages come from memory, events and log lines are kept.</summary>
internal sealed class NormalizerFolder : IPages, IEvents, ILogger<PageIntake>, ILogger<NormalizerGrpc>, IDisposable
{
    private SqliteRecordStore store;

    public NormalizerFolder()
    {
        Path = Directory.CreateTempSubdirectory("mesh-normalizer-").FullName;
        store = Open();
        Presenter = new(Videos.Pseudonyms);
    }

    public string Path { get; }

    public IRecordStore Store => store;

    public RecordPresenter Presenter { get; }

    public ManualTime Clock { get; } = new(Videos.Fetch);

    public Dictionary<string, StoredPage> Pages { get; } = new(StringComparer.Ordinal);

    public List<PageNormalized> Published { get; } = [];

    public List<string> LogLines { get; } = [];

    public PageIntake Intake => new(new PseudonymCheck(() => Videos.Pseudonyms, () => store, () => OldProfiles, stopsStart: true), this, Videos.Reader, store, this, Clock, this);

    public OldProfiles OldProfiles => new(store, Videos.Reader, Clock);

    public async Task<PageNormalized> TakeAsync(StoredPage page)
    {
        Pages[page.PageId] = page;
        await new PageStoredHandler(Intake).HandleAsync(new PageStored { LabId = Videos.Lab, PageId = page.PageId }, CancellationToken.None);
        return Published[^1];
    }

    public void Restart()
    {
        store.Dispose();
        store = Open();
    }

    public SqliteFile Records() => SqliteFile.Open(System.IO.Path.Combine(Path, "normalizer.db"), NormalizerSchema.Records);

    public SqliteFile Identified() => SqliteFile.Open(System.IO.Path.Combine(Path, "identified.db"), NormalizerSchema.Identified);

    public Task<StoredPage?> FindAsync(string labId, string pageId, CancellationToken cancellationToken) => Task.FromResult(Pages.GetValueOrDefault(pageId));

    public Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class
    {
        Published.Add((PageNormalized)(object)message);
        return Task.CompletedTask;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        LogLines.Add($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
        store.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private SqliteRecordStore Open() => SqliteRecordStore.Open(System.IO.Path.Combine(Path, "normalizer.db"), System.IO.Path.Combine(Path, "identified.db"));
}

/// <summary>A second connection for the length of one statement.</summary>
internal static class SqliteFiles
{
    public static T Using<T>(this SqliteFile file, Func<SqliteFile, T> work)
    {
        using (file)
        {
            return work(file);
        }
    }
}
