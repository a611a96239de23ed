namespace IssueObservatory.Mesh.Ucr;

/// <summary>The text of a video: what its author wrote, then what was said.</summary>
public static class TextContent
{
    /// <summary>
    /// The description, then a newline and <c>[transcript] </c> with the transcript. Without a description it begins with <c>[transcript] </c>;
    /// null when there is neither. An empty text is none.
    /// </summary>
    public static string? Of(string? description, string? transcript) => (description, transcript) switch
    {
        (null or "", null or "") => null,
        (_, null or "") => description,
        (null or "", _) => "[transcript] " + transcript,
        _ => description + "\n[transcript] " + transcript,
    };
}
