namespace IssueObservatory.Mesh.Sandbox;

/// <summary>Which requests a scripted reply is for.</summary>
/// <param name="Endpoint">null: every endpoint.</param>
/// <param name="Page">First pages, later ones, or all.</param>
public sealed record SandboxMatch(SandboxEndpoint? Endpoint = null, SandboxPage Page = SandboxPage.Any)
{
    /// <summary>Video queries without a cursor or with cursor 0.</summary>
    public static SandboxMatch FirstPage { get; } = new(SandboxEndpoint.VideoQuery, SandboxPage.First);

    /// <summary>Video queries with a cursor.</summary>
    public static SandboxMatch LaterPage { get; } = new(SandboxEndpoint.VideoQuery, SandboxPage.Later);

    /// <summary>All video queries.</summary>
    public static SandboxMatch VideoQuery { get; } = new(SandboxEndpoint.VideoQuery);

    public bool Matches(SandboxCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return (Endpoint is null || Endpoint == call.Endpoint)
            && Page switch { SandboxPage.First => call.IsFirstPage, SandboxPage.Later => !call.IsFirstPage, _ => true };
    }
}

/// <summary>Pages of a search.</summary>
public enum SandboxPage
{
    Any,
    First,
    Later,
}
