using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Sandbox.Management;

/// <summary>JSON of the sandbox's own files and management surface: snake_case, spans in seconds or hh:mm:ss, unknown keys refused.</summary>
internal static class SandboxJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new NameConverter<SandboxEndpoint>(), new NameConverter<SandboxPage>(), new NameConverter<SandboxError>(), new NameConverter<SandboxReplyKind>(), new NameConverter<SandboxVerdictState>(), new SpanConverter() },
    };

    /// <exception cref="FormatException">The text is not such an object; the message says where and why in one line.</exception>
    public static T Read<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw new FormatException("null is not allowed here");
        }
        catch (JsonException e) when (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            throw new FormatException($"{e.Path} is not a known key; the sandbox's README lists them", e);
        }
        catch (JsonException e) when (e.Message.Contains("could not be converted", StringComparison.Ordinal))
        {
            throw new FormatException($"{e.Path} has a value of the wrong kind", e);
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message.ReplaceLineEndings(" "), e);
        }
    }

    /// <summary>Faults as JSON; what is not named stays as it is in <paramref name="others"/>.</summary>
    /// <exception cref="FormatException">They cannot be used; the message says why in one line.</exception>
    public static SandboxFaults ReadFaults(SandboxFaults others, string text)
    {
        var all = JsonSerializer.SerializeToNode(others, Options)!.AsObject();
        foreach (var (name, value) in Read<JsonObject>(text))
        {
            all[name] = value?.DeepClone();
        }

        var faults = Read<SandboxFaults>(all.ToJsonString());
        return faults.FirstError() is { } error ? throw new FormatException(error) : faults;
    }

    private sealed class SpanConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType switch
            {
                JsonTokenType.Number => reader.GetDouble().ToString(CultureInfo.InvariantCulture),
                JsonTokenType.String => reader.GetString(),
                _ => null,
            };
            return Span.TryParse(text, out var span) ? span : throw new JsonException($"'{text}' is not a time span; use seconds or hh:mm:ss");
        }

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalSeconds);
    }

    private sealed class NameConverter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<string, T> ByName =
            Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            return name is not null && ByName.TryGetValue(name, out var value)
                ? value
                : throw new JsonException($"'{name}' is not allowed here; allowed are {string.Join(", ", ByName.Keys)}");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
