using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class SqliteRecordStoreTests : RecordStoreContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-records-").FullName;
    private readonly SqlitePlans recordPlans = new();
    private readonly SqlitePlans namePlans = new();
    private (SqliteFile Records, SqliteFile Identified)? files;

    private string Records => Path.Combine(folder, "normalizer.db");

    private string Identified => Path.Combine(folder, "identified.db");

    public void Dispose()
    {
        recordPlans.Check(Records);
        namePlans.Check(Identified);
        Directory.Delete(folder, recursive: true);
    }

    private protected override Task<IRecordStore> OpenAsync()
    {
        files = (SqliteFile.Open(Records, NormalizerSchema.Records), SqliteFile.Open(Identified, NormalizerSchema.Identified));
        return Task.FromResult<IRecordStore>(new SqliteRecordStore(files.Value.Records, files.Value.Identified));
    }

    private protected override Task CloseAsync()
    {
        if (files is var (records, identified))
        {
            recordPlans.Watch(records);
            namePlans.Watch(identified);
            records.Dispose();
            identified.Dispose();
        }

        return Task.CompletedTask;
    }

    private protected override async Task WriteAsAnOlderVersionAsync()
    {
        // The first step is the whole of what there was.
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }

        using var records = SqliteFile.Open(Records, [NormalizerSchema.Records[0]]);
        using var identified = SqliteFile.Open(Identified, [NormalizerSchema.Identified[0]]);
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
