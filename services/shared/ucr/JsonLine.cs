using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>Writes JSON objects, one a line; the same values give the same bytes on every machine.</summary>
internal sealed class JsonLine(IBufferWriter<byte> output) : IDisposable
{
    private readonly Utf8JsonWriter json = new(output, new JsonWriterOptions { SkipValidation = true });

    public void Begin()
    {
        json.Reset(output);
        Open();
    }

    public void End()
    {
        Close();
        Flush();
        output.Write("\n"u8);
    }

    public void Open() => json.WriteStartObject();

    public void Close() => json.WriteEndObject();

    public void Flush() => json.Flush();

    public void Name(string name) => json.WritePropertyName(name);

    public void Id(string name, Guid value) => json.WriteString(name, value);

    public void Flag(string name, bool value) => json.WriteBoolean(name, value);

    public void Text(string name, string? value)
    {
        json.WritePropertyName(name);
        Value(value);
    }

    public void Texts(string name, IReadOnlyList<string>? values)
    {
        json.WritePropertyName(name);
        if (values is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var value in values)
        {
            Value(value);
        }

        json.WriteEndArray();
    }

    public void Time(string name, DateTimeOffset? value) =>
        Text(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    public void Count(string name, long? value)
    {
        if (value is { } count)
        {
            json.WriteNumber(name, count);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public void Number(string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Text, a number, a truth value, or a list of these.</summary>
    public void Any(string name, JsonNode? value)
    {
        json.WritePropertyName(name);
        Value(value);
    }

    public void Dispose() => json.Dispose();

    private void Value(JsonNode? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case JsonArray list:
                json.WriteStartArray();
                foreach (var one in list)
                {
                    Value(one);
                }

                json.WriteEndArray();
                break;
            case var text when text.GetValueKind() is JsonValueKind.String:
                Value(text.GetValue<string>());
                break;
            default:
                json.WriteRawValue(value.ToJsonString(), skipInputValidation: true);
                break;
        }
    }

    private void Value(string? value)
    {
        if (value is null)
        {
            json.WriteNullValue();
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(PlainJsonText.MaxBytes(value));
        json.WriteRawValue(bytes.AsSpan(0, PlainJsonText.Write(value, bytes)), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
