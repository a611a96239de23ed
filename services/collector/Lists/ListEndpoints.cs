using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What is known of each endpoint that has lists, described once.</summary>
internal static class ListEndpoints
{
    private static readonly Dictionary<ApiEndpoint, Facts> Known = new()
    {
        [ApiEndpoint.Comments] = new("comments", ResearchEndpoints.Comments, DocumentType.Unspecified),
        [ApiEndpoint.Replies] = new("replies", ResearchEndpoints.Replies, DocumentType.Unspecified),
        [ApiEndpoint.UserInfo] = new("users", ResearchEndpoints.UserInfo, DocumentType.Profile),
        [ApiEndpoint.Followers] = new("followers", ResearchEndpoints.Followers, DocumentType.Follow),
        [ApiEndpoint.Following] = new("following", ResearchEndpoints.Following, DocumentType.Follow),
        [ApiEndpoint.LikedVideos] = new("liked", ResearchEndpoints.LikedVideos, DocumentType.Unspecified),
        [ApiEndpoint.PinnedVideos] = new("pinned", ResearchEndpoints.PinnedVideos, DocumentType.Unspecified),
        [ApiEndpoint.RepostedVideos] = new("reposted", ResearchEndpoints.RepostedVideos, DocumentType.Unspecified),
        [ApiEndpoint.Playlist] = new("playlist", ResearchEndpoints.Playlist, DocumentType.Playlist),
        [ApiEndpoint.Shop] = new("shops", ResearchEndpoints.Shop, DocumentType.Shop),
        [ApiEndpoint.Products] = new("products", ResearchEndpoints.Products, DocumentType.Product),
        [ApiEndpoint.Reviews] = new("reviews", ResearchEndpoints.Reviews, DocumentType.Review),
    };

    /// <summary>Kinds of collections, one for each list.</summary>
    public static IEnumerable<string> Kinds => Known.Values.Select(facts => facts.Kind);

    /// <summary>Whether the endpoint has lists; a video query has none.</summary>
    public static bool HasLists(this ApiEndpoint endpoint) => Known.ContainsKey(endpoint);

    /// <summary>The word of the kind, e.g. <c>comments</c>.</summary>
    public static string Kind(this ApiEndpoint endpoint) => Known[endpoint].Kind;

    /// <summary>How it is asked and read.</summary>
    public static ResearchEndpoint Api(this ApiEndpoint endpoint) => Known[endpoint].Api;

    /// <summary>Which documents are made of its items; UNSPECIFIED: records.</summary>
    public static DocumentType Makes(this ApiEndpoint endpoint) => Known[endpoint].Makes;

    /// <summary>Which budget pays for its pages.</summary>
    public static QuotaBucket Bucket(this ApiEndpoint endpoint) => Known.GetValueOrDefault(endpoint) is { Api.IsFollow: true } ? QuotaBucket.Follow : QuotaBucket.Research;

    /// <summary>Days for which a list is not read again.</summary>
    public static int CacheDays(this ApiEndpoint endpoint, CollectorOptions options) => endpoint is ApiEndpoint.UserInfo ? options.ProfileCacheDays : options.ListCacheDays;

    /// <summary>Requests for so many items, as far as TikTok shows them; at least one.</summary>
    public static long PagesOf(this ApiEndpoint endpoint, long items)
    {
        var api = endpoint.Api();
        return Math.Max(1, (Math.Min(items, api.Reach ?? items) + api.LargestPage - 1) / api.LargestPage);
    }

    private sealed record Facts(string Kind, ResearchEndpoint Api, DocumentType Makes);
}
