using IssueObservatory.Mesh.V1;

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

    /// <summary>Comments of videos.</summary>
    Comments,

    /// <summary>Replies to comments.</summary>
    Replies,

    /// <summary>Profiles.</summary>
    Users,

    /// <summary>Who follows.</summary>
    Followers,

    /// <summary>Who is followed.</summary>
    Following,

    /// <summary>Videos that users liked.</summary>
    Liked,

    /// <summary>Videos that users pinned.</summary>
    Pinned,

    /// <summary>Videos that users reposted.</summary>
    Reposted,

    /// <summary>Playlists.</summary>
    Playlist,

    /// <summary>Shops by name.</summary>
    Shops,

    /// <summary>Products of shops.</summary>
    Products,

    /// <summary>Reviews of products.</summary>
    Reviews,
}

/// <summary>How kinds are typed.</summary>
internal static class CollectionKinds
{
    private const string Users = "User names, with or without @, or addresses of profiles";

    private static readonly Dictionary<CollectionKind, Facts> Known = new()
    {
        [CollectionKind.Terms] = new("TERM", "#tag a hashtag, word a keyword, '#tag word' both, '\"two words\"' a phrase; several are ORed"),
        [CollectionKind.Actors] = new("NAME|URL", Users),
        [CollectionKind.Videos] = new("ID|URL", "Video ids or addresses of videos"),
        [CollectionKind.Query] = new("FILE", "File with the query object of the Research API as JSON; it runs as it is"),
        [CollectionKind.Comments] = new("VIDEO_ID|URL", "Comments of videos: ids or addresses of videos", ApiEndpoint.Comments) { MakesRecords = true, Of = "The videos of this collection that have comments" },
        [CollectionKind.Replies] = new("COMMENT_ID", "Replies to comments: ids of comments", ApiEndpoint.Replies) { MakesRecords = true },
        [CollectionKind.Users] = new("NAME|URL", "Profiles of users: " + Lower(Users), ApiEndpoint.UserInfo) { Of = "The authors of this collection" },
        [CollectionKind.Followers] = new("NAME|URL", "Who follows users: " + Lower(Users), ApiEndpoint.Followers),
        [CollectionKind.Following] = new("NAME|URL", "Whom users follow: " + Lower(Users), ApiEndpoint.Following),
        [CollectionKind.Liked] = new("NAME|URL", "Videos that users liked: " + Lower(Users), ApiEndpoint.LikedVideos) { MakesRecords = true },
        [CollectionKind.Pinned] = new("NAME|URL", "Videos that users pinned: " + Lower(Users), ApiEndpoint.PinnedVideos) { MakesRecords = true },
        [CollectionKind.Reposted] = new("NAME|URL", "Videos that users reposted: " + Lower(Users), ApiEndpoint.RepostedVideos) { MakesRecords = true },
        [CollectionKind.Playlist] = new("PLAYLIST_ID", "Playlists with the ids of their videos", ApiEndpoint.Playlist),
        [CollectionKind.Shops] = new("SHOP_NAME", "Shops by name", ApiEndpoint.Shop),
        [CollectionKind.Products] = new("SHOP_ID", "Products of shops", ApiEndpoint.Products),
        [CollectionKind.Reviews] = new("PRODUCT_ID", "Reviews of products", ApiEndpoint.Reviews),
    };

    /// <summary>The word in the command.</summary>
    public static string Verb(this CollectionKind kind) => Words.Of(kind);

    /// <summary>What its arguments are called.</summary>
    public static string ArgumentName(this CollectionKind kind) => Known[kind].Argument;

    /// <summary>What its arguments are.</summary>
    public static string Describe(this CollectionKind kind) => Known[kind].Description;

    /// <summary>Which list; UNSPECIFIED when it asks for videos of days.</summary>
    public static ApiEndpoint List(this CollectionKind kind) => Known[kind].List;

    /// <summary>Whether records come of it, rather than documents.</summary>
    public static bool MakesRecords(this CollectionKind kind) => Known[kind].MakesRecords || kind.List() is ApiEndpoint.Unspecified;

    /// <summary>What <c>--of COLLECTION</c> means; null when it means nothing.</summary>
    public static string? Of(this CollectionKind kind) => Known[kind].Of;

    /// <summary>The kind that reads a list.</summary>
    public static CollectionKind KindOf(ApiEndpoint list) => Known.First(kind => kind.Value.List == list).Key;

    private static string Lower(string text) => char.ToLowerInvariant(text[0]) + text[1..];

    private sealed record Facts(string Argument, string Description, ApiEndpoint List = ApiEndpoint.Unspecified)
    {
        public bool MakesRecords { get; init; }

        public string? Of { get; init; }
    }
}
