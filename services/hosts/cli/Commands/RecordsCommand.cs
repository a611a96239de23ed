using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Cli.Arguments;
using IssueObservatory.Mesh.Cli.Output;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary><c>mesh records</c>: a look at the first records.</summary>
internal static class RecordsCommand
{
    private const int DefaultLimit = 20;
    private const int MostRecords = 10_000;
    private const int TextLength = 80;
    private const int AuthorLength = 8;
    private const int DateLength = 10;

    public static Command Create(CommonOptions common)
    {
        var limit = OptionOf.Whole("--limit", "How many (default 20)", 1, MostRecords);
        var type = DocumentTypes.Option();
        var command = new Command("records", "Look at the first records of a collection, the oldest first, or at its first documents") { limit, type };
        var collection = new CollectionArgument(command, required: false);
        Verb.Runs(command, common, "records", async (verb, cancellationToken) =>
        {
            var id = await collection.FindAsync(verb, cancellationToken);
            var most = verb.Parsed.GetResult(limit) is null ? DefaultLimit : (int)verb.Parsed.GetValue(limit);
            var records = await ReadRecords.FirstAsync(verb.Mesh, id, DocumentTypes.Of(verb.Parsed.GetValue(type)), most, cancellationToken);
            verb.Write(() => new RecordsJson { Records = records });
            if (!verb.Json)
            {
                if (records is [var first, ..] && !first.TryGetProperty("platform_id", out _))
                {
                    PrintDocuments(verb.Shell, records);
                }
                else
                {
                    Print(verb.Shell, records);
                }
            }

            return ExitCode.Complete;
        });
        return command;
    }

    private static void Print(Shell shell, IReadOnlyList<JsonElement> records)
    {
        var table = new TextTable("published", "id", "author", "views", "likes", "terms", "text").Numbers(3, 4);
        foreach (var record in records)
        {
            table.Add(
                Text(record, "published_at") is { Length: >= DateLength } time ? time[..DateLength] : "",
                Text(record, "platform_id"),
                Short(Text(record, "pseudonymized_author_id"), AuthorLength),
                Count(record, "views_count"),
                Count(record, "likes_count"),
                record.TryGetProperty("search_terms_matched", out var terms) && terms.ValueKind is JsonValueKind.Array ? string.Join(", ", terms.EnumerateArray().Select(term => term.GetString())) : "",
                Short(Text(record, "text_content"), TextLength));
        }

        table.Write(shell);
        shell.Say($"{CollectionText.Number(records.Count)} records shown; `mesh export` writes them all.");
    }

    /// <summary>Each type has fields of its own: they are shown as they are exported.</summary>
    private static void PrintDocuments(Shell shell, IReadOnlyList<JsonElement> documents)
    {
        foreach (var document in documents)
        {
            shell.Output.WriteLine(TextTable.Visible(document.GetRawText()));
        }

        shell.Say($"{CollectionText.Number(documents.Count)} documents shown; `mesh export` writes them all.");
    }

    private static string Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";

    private static string Count(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetInt64().ToString("N0", CultureInfo.InvariantCulture) : "–";

    private static string Short(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Not through the middle of an emoji.
        var end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return new StringBuilder().Append(text, 0, end).Append('…').ToString();
    }
}
