using System.Globalization;
using System.Net.Mime;
using System.Text.Json;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>A request as an endpoint reads it: what is asked for by name, with every fault noted on the way.
/// Lenient where recordings and other clients show that the API is, unless the rules say strict.</summary>
internal sealed class ApiRequest
{
    private readonly WireCall wire;
    private readonly SandboxRules rules;
    private readonly JsonElement root;

    public ApiRequest(WireCall wire, SandboxFaults faults, SandboxRules rules, DateTimeOffset now)
    {
        (this.wire, this.rules, Faults, Now) = (wire, rules, faults, now);
        if (IsMultipart)
        {
            return;
        }

        if (!rules.LenientReading && wire.ContentType?.StartsWith(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) != true)
        {
            Errors.Add("Content-Type must be application/json");
        }

        try
        {
            using var document = JsonDocument.Parse(wire.Body);
            root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object)
            {
                Errors.Add("the body must be an object");
            }
        }
        catch (JsonException)
        {
            Errors.Add("the body is not JSON");
        }
    }

    public SandboxFaults Faults { get; }

    public DateTimeOffset Now { get; }

    public List<string> Errors { get; } = [];

    /// <summary>The rules that hold.</summary>
    public SandboxRules Rules => rules;

    /// <summary>The JSON body; undefined when it is none.</summary>
    public JsonElement Root => root;

    /// <summary>400 with every fault that was noted; null: none was.</summary>
    public Outcome? Refusal => Errors.Count == 0 ? null : Outcome.Invalid("Invalid parameters: " + string.Join("; ", Errors));

    public bool IsMultipart => wire.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Content type and bytes, for what is not JSON.</summary>
    public (string? ContentType, ReadOnlyMemory<byte> Bytes) Raw => (wire.ContentType, wire.Body);

    /// <summary>The fields of the query string; of the body too where the endpoint's documentation puts them there.</summary>
    public IReadOnlyList<string> Fields(IReadOnlyList<string> allowed, bool alsoInBody = false)
    {
        var text = wire.Fields ?? (alsoInBody && root.ValueKind == JsonValueKind.Object && root.TryGetProperty("fields", out var value) ? Joined(value) : null) ?? "";

        // The documentation puts blanks behind the commas in places.
        if (!rules.LenientReading && text.Contains(' ', StringComparison.Ordinal))
        {
            Errors.Add("fields must not contain blanks");
        }

        string[] fields = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        if (fields.Length == 0)
        {
            Errors.Add("fields is required in the query string");
        }

        var unknown = fields.Except(allowed, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            Errors.Add("fields has unknown fields: " + string.Join(", ", unknown));
        }

        return fields;
    }

    /// <summary>A text that must be there and not be empty.</summary>
    public string Text(string name)
    {
        if (Has(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        Errors.Add($"{name} is required");
        return "";
    }

    /// <summary>A whole number as number or text; null: it is not there, or not one.</summary>
    public long? Integer(string name) => Has(name, out var value) ? Integer(name, value) : null;

    /// <summary>The same for a value in hand.</summary>
    public long? Integer(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            return number;
        }

        // The documentation once sends max_count as text, and clients send ids as text.
        if (rules.LenientReading && value.ValueKind == JsonValueKind.String
            && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return number;
        }

        Errors.Add($"{name} must be a whole number");
        return null;
    }

    /// <summary>An id that must be there.</summary>
    public long Id(string name)
    {
        if (!Has(name, out var value))
        {
            Errors.Add($"{name} is required");
            return 0;
        }

        return Integer(name, value) ?? 0;
    }

    /// <summary>The member is there; null counts as absent, as the API takes it.</summary>
    public bool Has(string name, out JsonElement value)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out value))
        {
            value = default;
            return false;
        }

        return !IsNull(name, value);
    }

    /// <summary>Whether the value is null and may be.</summary>
    public bool IsNull(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Null)
        {
            return false;
        }

        if (!rules.LenientReading)
        {
            Errors.Add($"{name} must not be null");
        }

        return true;
    }

    private static string? Joined(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => string.Join(',', value.EnumerateArray()),
        _ => null,
    };
}
