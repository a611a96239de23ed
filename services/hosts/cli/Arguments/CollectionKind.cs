namespace IssueObservatory.Mesh.Cli.Arguments;

/// <summary>What a collection goes by.</summary>
internal enum CollectionKind
{
    /// <summary>Hashtags, words, phrases.</summary>
    Terms,

    /// <summary>Accounts.</summary>
    Actors,

    /// <summary>Videos by id.</summary>
    Videos,

    /// <summary>A query of the API, as it is.</summary>
    Query,
}

/// <summary>How kinds are typed.</summary>
internal static class CollectionKinds
{
    /// <summary>The word in the command.</summary>
    public static string Verb(this CollectionKind kind) => kind switch
    {
        CollectionKind.Terms => "terms",
        CollectionKind.Actors => "actors",
        CollectionKind.Videos => "videos",
        _ => "query",
    };

    /// <summary>What its arguments are called.</summary>
    public static string ArgumentName(this CollectionKind kind) => kind switch
    {
        CollectionKind.Terms => "TERM",
        CollectionKind.Actors => "NAME|URL",
        CollectionKind.Videos => "ID|URL",
        _ => "FILE",
    };

    /// <summary>What its arguments are.</summary>
    public static string Describe(this CollectionKind kind) => kind switch
    {
        CollectionKind.Terms => "#tag a hashtag, word a keyword, '#tag word' both, '\"two words\"' a phrase; several are ORed",
        CollectionKind.Actors => "User names, with or without @, or addresses of profiles",
        CollectionKind.Videos => "Video ids or addresses of videos",
        _ => "File with the query object of the Research API as JSON; it runs as it is",
    };
}
