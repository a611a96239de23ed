namespace IssueObservatory.Mesh.Defaults;

/// <summary>Texts of <c>_id</c>: parts joined by slashes, so that those with the same beginning lie together and a range of them is one scan.</summary>
public static class MongoKey
{
    /// <summary>Comes after every text that begins with the same parts.</summary>
    private const string End = "0";

    /// <summary>The key of these parts; a slash within a part is escaped, so that different parts never give the same key.</summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        var escaped = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            escaped[i] = parts[i].Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
        }

        return string.Join('/', escaped);
    }

    /// <summary>Where the keys that begin with these parts begin, and where they have ended: [from, to).</summary>
    public static (string From, string To) Under(params ReadOnlySpan<string> parts)
    {
        var key = Of(parts);

        // '0' is the character after '/'.
        return ($"{key}/", $"{key}{End}");
    }
}
