namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One call of a research endpoint. What is sent is a pure function of the record: the same request gives the same bytes.</summary>
public abstract record ResearchRequest
{
    private protected ResearchRequest()
    {
    }

    /// <summary>Path below the host, with the closing slash, e.g. <c>/v2/research/video/query/</c>.</summary>
    public abstract string Path { get; }

    /// <summary>Fields to be returned, by TikTok's names.</summary>
    public abstract IReadOnlyList<string> Fields { get; init; }

    /// <summary>Path and query string, as sent.</summary>
    public string Target => $"{Path}?fields={string.Join(',', Fields)}";

    /// <summary>The JSON body, as UTF-8.</summary>
    public abstract byte[] WriteBody();

    /// <summary>Everything that would make TikTok refuse the request; empty when it can be sent.</summary>
    public abstract IReadOnlyList<Violation> Validate();

    private protected void CheckFields(FieldList known, List<Violation> found)
    {
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
