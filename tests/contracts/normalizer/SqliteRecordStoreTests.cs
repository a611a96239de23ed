using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class SqliteRecordStoreTests : RecordStoreContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-records-").FullName;
    private SqliteRecordStore? open;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private protected override Task<IRecordStore> OpenAsync()
    {
        open = new SqliteRecordStore(Path.Combine(folder, "normalizer.db"), Path.Combine(folder, "identified.db"));
        return Task.FromResult<IRecordStore>(open);
    }

    private protected override Task CloseAsync()
    {
        open?.Dispose();
        return Task.CompletedTask;
    }

    private protected override async Task WriteAsAnOlderVersionAsync()
    {
        // The first step is the whole of what there was.
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }

        using var records = SqliteFile.Open(Path.Combine(folder, "normalizer.db"), [NormalizerSchema.Records[0]]);
        using var identified = SqliteFile.Open(Path.Combine(folder, "identified.db"), [NormalizerSchema.Identified[0]]);
        await records.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO content_records VALUES (@lab, '1', 1768032000000, NULL, 1, @document)", ("@lab", SamplePages.Lab), ("@document", Video));
                session.Execute("INSERT INTO matches VALUES (@lab, 'a', @day, '1', 1, 1)", ("@lab", SamplePages.Lab), ("@day", SamplePages.Day.DayNumber));
                session.Execute("INSERT INTO changes VALUES (@lab, 1, '1')", ("@lab", SamplePages.Lab));
                session.Execute("INSERT INTO sequences VALUES (@lab, 1)", ("@lab", SamplePages.Lab));
            },
            CancellationToken.None);
        await identified.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO identified VALUES (@lab, '1', 'bo', 1, 'p', 0)", ("@lab", SamplePages.Lab));
                session.Execute("INSERT INTO profiles VALUES (@lab, 'anna', @document, 5, 'u')", ("@lab", SamplePages.Lab), ("@document", Profile));
            },
            CancellationToken.None);
    }
}
