using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One call of a research endpoint. What is sent is a pure function of the record: the same request gives the same bytes.</summary>
public abstract record ResearchRequest
{
    private protected ResearchRequest()
    {
    }

    /// <summary>Which endpoint is called.</summary>
    public abstract ResearchEndpoint Endpoint { get; init; }

    /// <summary>Path below the host, with the closing slash, e.g. <c>/v2/research/video/query/</c>.</summary>
    public string Path => Endpoint.Path;

    /// <summary>Fields to be returned, by TikTok's names; empty for an endpoint that takes none.</summary>
    public IReadOnlyList<string> Fields
    {
        get => field ?? Endpoint.Fields?.Usual ?? [];
        init;
    }

    /// <summary>Path and query string, as sent.</summary>
    public string Target => Endpoint.Fields is null ? Path : $"{Path}?fields={string.Join(',', Fields)}";

    /// <summary>What the body is.</summary>
    public virtual string MediaType => "application/json";

    /// <summary>The body, as sent.</summary>
    public abstract byte[] WriteBody();

    /// <summary>Everything that would make TikTok refuse the request; empty when it can be sent.</summary>
    public abstract IReadOnlyList<Violation> Validate();

    /// <summary>Names the endpoint only: what is asked for stays out of logs.</summary>
    public override string ToString() => Path;

    private protected static byte[] WriteObject(Action<Utf8JsonWriter> properties)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, VideoQueryWriter.Options))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private protected void CheckPage(int maxCount, long cursor, List<Violation> found)
    {
        if (Endpoint.CountKey.Length > 0 && (maxCount < 1 || maxCount > Endpoint.LargestPage))
        {
            found.Add(new(Endpoint.CountKey, $"must be 1 to {Endpoint.LargestPage}"));
        }

        if (cursor < 0)
        {
            found.Add(new(Endpoint.CursorKey, "must not be negative"));
        }
        else if (cursor > 0 && Endpoint.Cursor is CursorKind.None)
        {
            found.Add(new(Endpoint.CursorKey, "this endpoint has one page only"));
        }
        else if (cursor >= Endpoint.Reach)
        {
            found.Add(new(Endpoint.CursorKey, $"TikTok shows the first {Endpoint.Reach} only"));
        }
    }

    private protected void CheckFields(List<Violation> found)
    {
        if (Endpoint.Fields is not { } known)
        {
            if (Fields.Count > 0)
            {
                found.Add(new("fields", "this endpoint takes none"));
            }

            return;
        }

        if (Fields.Count == 0)
        {
            found.Add(new("fields", "needs at least one field"));
        }

        foreach (var name in Fields.Where(name => !known.Contains(name)))
        {
            found.Add(new("fields", $"{InputText.Quote(name)} is unknown; allowed are {known}"));
        }
    }
}
