using System.Text;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What a validation task found: the ids that TikTok still shows. Set exactly when the error is ok.</summary>
public sealed record ValidIds
{
    public required ApiError Error { get; init; }

    public IReadOnlySet<string>? Ids { get; init; }
}

/// <summary>
/// Reads the text file that a validation task leaves. Whatever is missing in it will be deleted, so this reader is strict where all others are lenient:
/// one word that is no id, and nothing of the file counts. An empty file says that nothing is left; whoever asked about much should not believe it at once.
/// </summary>
public static class ValidIdsReader
{
    private static readonly char[] Separators = ['\n', '\r', '\t', ' ', ',', ';'];

    public static ValidIds Read(ReadOnlyMemory<byte> body, int status)
    {
        var text = body.Span.StartsWith(Encoding.UTF8.Preamble) ? body.Span[Encoding.UTF8.Preamble.Length..] : body.Span;
        if (text.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            var error = PageReader.Read(ResearchEndpoints.DownloadValidationTask, body, status).Error;
            return new() { Error = error.IsOk ? ApiError.Unreadable($"HTTP {status}: JSON where a list of ids belongs") with { LogId = error.LogId } : error };
        }

        var words = Encoding.UTF8.GetString(text).Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var isList = status is 200 && words.All(word => VideoQueryValidator.ExplainValue(ConditionField.VideoId, word) is null);
        return isList
            ? new() { Error = ApiError.Ok, Ids = words.ToHashSet(StringComparer.Ordinal) }
            : new() { Error = ApiError.Unreadable($"HTTP {status}: not a list of ids") };
    }
}
