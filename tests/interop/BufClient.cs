using System.Text;
using System.Text.Json;
using Google.Rpc;
using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Interop;

/// <summary><c>buf curl</c>: one process a call.</summary>
/// <param name="address">Of the mesh.</param>
/// <param name="schema">Folder of the protos; null: the client asks the server by reflection.</param>
internal sealed class BufClient(Uri address, string? schema) : IForeignClient
{
    private const int ExitCodesPerStatus = 8;
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);

    private static readonly string[] Codes =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    public async Task<ForeignAnswer> CallAsync(ForeignCall call)
    {
        await using var curl = RunningProgram.Start(
            Tools.NpmProgram("buf"),
            new Dictionary<string, string>(StringComparer.Ordinal),
            [
                "curl", "--protocol", "grpc", "--http2-prior-knowledge",
                .. schema is null ? Array.Empty<string>() : ["--schema", schema],
                .. call.Key is null ? Array.Empty<string>() : ["--header", $"authorization: Bearer {call.Key}"],
                .. call.Deadline is null ? Array.Empty<string>() : ["--timeout", FormattableString.Invariant($"{call.Deadline}s")],
                "--data", call.Request.ToJsonString(),
                new Uri(address, call.Method).ToString(),
            ]);
        if (call.StopAfter is { } most)
        {
            await curl.OutputAsync(text => Records(text) >= most, LongestCall);
            await curl.KillAsync();
            return new("OK", UpTo(Read(curl.Output), most), []);
        }

        var exit = await curl.ExitAsync(LongestCall);
        return exit % ExitCodesPerStatus == 0
            ? new(Codes[exit / ExitCodesPerStatus], Read(curl.Output), [.. Details(curl.Errors)])
            : throw new InvalidOperationException($"buf curl ended with {exit}: {curl.Errors}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static int Records(string text) => Read(text).Count(message => message.Part("record") is not null);

    private static List<JsonElement> UpTo(IReadOnlyList<JsonElement> messages, int records)
    {
        List<JsonElement> kept = [];
        foreach (var message in messages)
        {
            kept.Add(message);
            if (message.Part("record") is not null && --records == 0)
            {
                break;
            }
        }

        return kept;
    }

    /// <summary>Every whole JSON object of the text; one that is not written to its end yet is left out.</summary>
    private static List<JsonElement> Read(string text)
    {
        List<JsonElement> read = [];
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true }));
        while (reader.Read() && JsonElement.TryParseValue(ref reader, out var message))
        {
            read.Add(message.Value);
        }

        return read;
    }

    private static IEnumerable<JsonElement> Details(string errors)
    {
        if (!errors.TrimStart().StartsWith('{'))
        {
            yield break;
        }

        using var error = JsonDocument.Parse(errors);
        foreach (var detail in error.RootElement.List("details"))
        {
            yield return Read(detail.Word("type"), Convert.FromBase64String(Padded(detail.Word("value"))));
        }
    }

    /// <summary>buf shows a detail that no schema explains as the bytes that it got.</summary>
    private static JsonElement Read(string type, byte[] value) => type switch
    {
        // An older text of google/rpc/error_details.proto calls the reason `type`.
        "google.rpc.ErrorInfo" when ErrorInfo.Parser.ParseFrom(value) is var info =>
            JsonSerializer.SerializeToElement(new { type = "ErrorInfo", reason = info.Type, domain = info.Domain, metadata = info.Metadata.ToDictionary() }),
        "google.rpc.BadRequest" => JsonSerializer.SerializeToElement(new
        {
            type = "BadRequest",
            field_violations = BadRequest.Parser.ParseFrom(value).FieldViolations.Select(violation => new { field = violation.Field, description = violation.Description }),
        }),
        _ => JsonSerializer.SerializeToElement(new { type }),
    };

    private static string Padded(string base64) => base64.PadRight((base64.Length + 3) / 4 * 4, '=');
}
