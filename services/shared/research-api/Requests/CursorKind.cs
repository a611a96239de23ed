namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What an endpoint's cursor counts. For every kind 0 is the beginning, and is not sent.</summary>
public enum CursorKind
{
    /// <summary>There is one page only.</summary>
    None,

    /// <summary>A position in the list, which also counts what TikTok has dropped. Rises.</summary>
    Index,

    /// <summary>A time in Unix seconds: what is not later follows, so the last item of a page may come again. Falls.</summary>
    UnixSeconds,

    /// <summary>A number that means something to TikTok only (documented as seconds, shown as milliseconds). Handed back unchanged.</summary>
    Opaque,

    /// <summary>The number of a page, from 1. TikTok does not say whether another follows: a page that is not full is the last.</summary>
    PageNumber,
}
