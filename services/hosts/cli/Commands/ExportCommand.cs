using System.CommandLine;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.Cli.Sessions;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh export</c>: the records as a file that is there whole or not at all.</summary>
internal static class ExportCommand
{
    private const string StandardOutput = "-";

    public static Command Create(CommonOptions common)
    {
        var format = OptionOf.Word("--format", "Format of the file (default ndjson: one JSON object a line)", "ndjson");
        var output = new Option<string>("--out") { HelpName = "FILE", Description = "Where to write; - for the standard output", Required = true };
        var type = DocumentTypes.Option();
        var identified = new Option<bool>("--identified") { Description = "With addresses and user names; noted in the audit log" };
        var command = new Command("export", "Write the records or documents of a collection, or of all, to a file; costs no quota") { format, output, type, identified };
        var collection = new CollectionArgument(command, required: false, leftOut: "every collection");
        Verb.Runs(
            command,
            common,
            "export",
            (parsed, _) => Check(parsed.GetValue(output)!, parsed.GetValue(common.Json)),
            async (verb, path, cancellationToken) =>
            {
                var request = new ExportRecordsRequest
                {
                    CollectionId = collection.Typed(verb.Parsed) is null ? "" : await collection.FindAsync(verb, cancellationToken),
                    Identified = verb.Parsed.GetValue(identified),
                    Type = DocumentTypes.Of(verb.Parsed.GetValue(type)),
                };
                var summary = path is StandardOutput ? await ToStandardOutputAsync(verb, request, cancellationToken) : await ToFileAsync(verb, request, path, cancellationToken);
                Tell(verb, path, summary);
                return ExitCode.Complete;
            });
        return command;
    }

    private static string Check(string path, bool json)
    {
        if (path is StandardOutput)
        {
            return json ? throw CommandRefusedException.BadInput("--out - cannot be used with --json: both want the standard output; allowed is --out FILE") : path;
        }

        if (path.Length == 0 || Directory.Exists(path))
        {
            throw CommandRefusedException.BadInput($"--out '{path}' is a folder; allowed is the name of a file, or -");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder) ? path : throw CommandRefusedException.BadInput($"--out: the folder {folder} does not exist; allowed is a file in a folder that exists, or -");
    }

    private static async Task<ExportSummary> ToFileAsync(Verb verb, ExportRecordsRequest request, string path, CancellationToken cancellationToken)
    {
        var whole = Path.GetFullPath(path);
        var unfinished = $"{whole}.{Environment.ProcessId}.part";
        try
        {
            // Beginning anew when the mesh went away in the middle: the file under its own name is never half.
            var summary = await verb.Mesh.AskAsync(
                async (mesh, stopping) =>
                {
                    await using var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
                    var end = await CopyAsync(mesh, request, file, stopping);
                    await file.FlushAsync(stopping);
                    file.Flush(flushToDisk: true);
                    return end;
                },
                cancellationToken);
            File.Move(unfinished, whole, overwrite: true);
            return summary;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw CommandRefusedException.Failed($"--out {path} cannot be written ({unwritable.GetType().Name}); allowed is a file that may be made or replaced");
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task<ExportSummary> ToStandardOutputAsync(Verb verb, ExportRecordsRequest request, CancellationToken cancellationToken)
    {
        await using var output = Console.OpenStandardOutput();
        var began = false;
        return await verb.Mesh.AskAsync(
            (mesh, stopping) =>
            {
                // What is out cannot be taken back.
                if (began)
                {
                    throw CommandRefusedException.Failed("the mesh went away in the middle of the export; what was written is not whole");
                }

                began = true;
                return CopyAsync(mesh, request, output, stopping);
            },
            cancellationToken);
    }

    private static async Task<ExportSummary> CopyAsync(IMeshCalls mesh, ExportRecordsRequest request, Stream to, CancellationToken cancellationToken)
    {
        using var call = mesh.Arena.ExportRecords(request, cancellationToken: cancellationToken);
        ExportSummary? summary = null;
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            var part = call.ResponseStream.Current;
            if (part.PartCase is ExportRecordsResponse.PartOneofCase.Summary)
            {
                summary = part.Summary;
            }
            else
            {
                await to.WriteAsync(part.Chunk.Memory, cancellationToken);
            }
        }

        return summary ?? throw CommandRefusedException.Failed("the export ended before it was whole; the same command may be repeated");
    }

    private static void Tell(Verb verb, string path, ExportSummary summary)
    {
        verb.Shell.Say($"{CollectionText.Number(summary.Records)} records{(path is StandardOutput ? "" : $" in {path}")}.");
        foreach (var gap in summary.Gaps)
        {
            verb.Shell.Say($"missing: {CollectionText.Of(gap)}");
        }

        foreach (var id in summary.UnfinishedCollectionIds)
        {
            verb.Shell.Say($"not finished: collection {id}; more records may come");
        }

        verb.Write(() => new ExportJson
        {
            Out = path,
            Records = summary.Records,
            Gaps = [.. summary.Gaps.Select(GapJson.Of)],
            UnfinishedCollectionIds = summary.UnfinishedCollectionIds,
        });
    }
}
