using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Decides what a stored page says. The same page gives the same answer for ever.</summary>
internal sealed class PageNormalizer
{
    /// <summary>
    /// A record whose single readings are no larger fits every store: in MongoDB a document may have 16 MiB, and a record keeps each field of one reading only.
    /// </summary>
    private const int LargestItem = 1024 * 1024;

    /// <summary>Replaced mentions and escaped characters make a stored item larger than it came, but never so much.</summary>
    private const int LargestGrowth = 16;

    private const string TooLarge = "too_large";
    private const string NotANumber = "the id is not a number";

    private readonly RecordItems records;
    private readonly DocumentItems documents;

    public PageNormalizer(AuthorPseudonyms pseudonyms, ILanguageDetector language, NormalizerOptions options)
    {
        var texts = new NamelessText(pseudonyms, options);
        records = new(pseudonyms, language, texts);
        documents = new(pseudonyms, texts);
    }

    private delegate NormalizedItem? Make<in T>(int position, T item);

    /// <summary>Items that can become records or documents, and items that cannot. Answers of TikTok that are errors hold nothing.</summary>
    public NormalizedPage Normalize(StoredPage page) => page switch
    {
        { IsIntact: false } => WholePage(page, "the bytes do not have the page's SHA-256"),
        { Endpoint: ApiEndpoint.VideoQuery } => Videos(page, ResearchEndpoints.Videos),
        { Subject: "" } => WholePage(page, "the page does not say whom or what was asked for"),
        _ => page.Endpoint switch
        {
            ApiEndpoint.LikedVideos => Videos(page, ResearchEndpoints.LikedVideos),
            ApiEndpoint.PinnedVideos => Videos(page, ResearchEndpoints.PinnedVideos),
            ApiEndpoint.RepostedVideos => Videos(page, ResearchEndpoints.RepostedVideos),
            ApiEndpoint.Comments => Comments(page, ResearchEndpoints.Comments),
            ApiEndpoint.Replies => Comments(page, ResearchEndpoints.Replies),
            ApiEndpoint.UserInfo => One<UserInfoItem>(page, ResearchEndpoints.UserInfo, (at, user) => documents.Of(page, at, user)),
            ApiEndpoint.Playlist => One<PlaylistItem>(page, ResearchEndpoints.Playlist, (_, playlist) => IsNumber(playlist.PlaylistId) ? documents.Of(page, playlist) : null),
            ApiEndpoint.Followers => List<FollowItem>(page, ResearchEndpoints.Followers, (at, listed) => documents.Of(page, at, listed)),
            ApiEndpoint.Following => List<FollowItem>(page, ResearchEndpoints.Following, (at, listed) => documents.Of(page, at, listed)),
            ApiEndpoint.Shop => List<ShopItem>(page, ResearchEndpoints.Shop, (at, shop) => IsNumber(shop.ShopId) ? DocumentItems.Of(page, at, shop) : null),
            ApiEndpoint.Products => List<ProductItem>(page, ResearchEndpoints.Products, (at, product) => IsNumber(product.ProductId) ? documents.Of(page, at, product) : null),
            ApiEndpoint.Reviews => List<ReviewItem>(page, ResearchEndpoints.Reviews, (at, review) => documents.Of(page, at, review)),
            _ => WholePage(page, "unknown kind of page"),
        },
    };

    private static NormalizedPage List<T>(StoredPage page, ResearchEndpoint endpoint, Make<T> make)
        where T : class, IResearchItem<T>
    {
        var facts = PageReader.Read(endpoint, page.Body, page.Status);
        if (!facts.Error.IsOk)
        {
            return Refused(page, facts.Error);
        }

        List<NormalizedItem> items = new(facts.Items.Count);
        List<BadItem> badItems = [];
        foreach (var item in facts.Items)
        {
            if (Read(item, make, out var reason) is { } read)
            {
                items.Add(read);
            }
            else
            {
                badItems.Add(new(item.Index, reason));
            }
        }

        return Empty(page) with { Received = facts.Items.Count, Items = items, BadItems = badItems };
    }

    /// <summary>A page that is one thing.</summary>
    private static NormalizedPage One<T>(StoredPage page, ResearchEndpoint endpoint, Make<T> make)
        where T : class, IResearchItem<T>
    {
        var answer = PageReader.ReadAnswer<T>(endpoint, page.Body, page.Status);
        return answer.Item is not { } item ? Refused(page, answer.Error)
            : make(0, item) is not { } made ? WholePage(page, ReasonOf<T>())
            : IsTooLarge(page.Body.Length, made) ? WholePage(page, TooLarge)
            : Empty(page) with { Received = 1, Items = [made] };
    }

    /// <summary>The item, or null and why it cannot become anything.</summary>
    private static NormalizedItem? Read<T>(PageItem item, Make<T> make, out string reason)
        where T : class, IResearchItem<T>
    {
        reason = "";
        if (!ItemReader.TryRead<T>(item.Bytes, out var found, out var error))
        {
            reason = error switch
            {
                ReadError.NotJson => "not JSON",
                ReadError.NotAnObject => "not an object",
                _ when typeof(T) == typeof(FollowItem) => "no user name",
                _ => "no id, or none that is a number",
            };
            return null;
        }

        if (make(item.Index, found) is not { } made)
        {
            reason = ReasonOf<T>();
            return null;
        }

        reason = IsTooLarge(item.Bytes.Length, made) ? TooLarge : "";
        return reason.Length > 0 ? null : made;
    }

    private static string ReasonOf<T>() => typeof(T) == typeof(ReviewItem) ? "neither text, rating nor time" : NotANumber;

    private static bool IsNumber(string id) => id.All(char.IsAsciiDigit);

    /// <summary>What counts is what would be stored: an item that came with many escaped characters becomes smaller.</summary>
    private static bool IsTooLarge(int bytes, NormalizedItem item) =>
        bytes > LargestItem / LargestGrowth
        && Bytes(StoredItemJson.Write(item.Stored)) + Bytes(item.Names?.Username) + Bytes(item.Names?.OtherUsername) + Bytes(item.Names?.FieldsText) > LargestItem;

    private static int Bytes(string? text) => Encoding.UTF8.GetByteCount(text ?? "");

    /// <summary>Of an error there is nothing to keep; an answer that the collector could read, and we cannot, is looked at again.</summary>
    private static NormalizedPage Refused(StoredPage page, ApiError error) =>
        error.Class is ApiErrorClass.Unreadable && string.Equals(page.ErrorCode, "ok", StringComparison.Ordinal) ? WholePage(page, error.Reason ?? "cannot be read") : Empty(page);

    private static NormalizedPage Empty(StoredPage page) => new() { PageId = page.PageId, FetchedAt = page.FetchedAt, Refresh = page.Refresh };

    private static NormalizedPage WholePage(StoredPage page, string reason) => Empty(page) with { BadItems = [new(-1, reason)] };

    private NormalizedPage Videos(StoredPage page, ResearchEndpoint endpoint) => List<VideoItem>(page, endpoint, (at, video) => IsNumber(video.Id) ? records.Of(page, at, video) : null);

    private NormalizedPage Comments(StoredPage page, ResearchEndpoint endpoint) =>
        List<CommentItem>(page, endpoint, (at, comment) => IsNumber(comment.Id) ? records.Of(page, at, comment) : null);
}
