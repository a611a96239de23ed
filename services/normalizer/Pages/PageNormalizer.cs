using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Decides what a stored page says. The same page gives the same answer for ever.</summary>
internal sealed class PageNormalizer(AuthorPseudonyms pseudonyms, ILanguageDetector language, NormalizerOptions options)
{
    /// <summary>
    /// A record whose single readings are no larger fits every store: in MongoDB a document may have 16 MiB, and a record keeps each field of one reading only.
    /// </summary>
    private const int LargestItem = 1024 * 1024;

    /// <summary>Replaced mentions and escaped characters make a stored item larger than it came, but never so much.</summary>
    private const int LargestGrowth = 16;

    private const string TooLarge = "too_large";

    private static readonly Dictionary<ReadError, string> Reasons = new()
    {
        [ReadError.NotJson] = "not JSON",
        [ReadError.NotAnObject] = "not an object",
        [ReadError.NoId] = "no id, or none that is a number",
    };

    /// <summary>Items that can become records, items that cannot, or a profile. Answers of TikTok that are errors hold nothing.</summary>
    public NormalizedPage Normalize(StoredPage page) => !page.IsIntact
        ? WholePage(page, "the bytes do not have the page's SHA-256")
        : page.Endpoint switch
        {
            ApiEndpoint.VideoQuery => Videos(page),
            ApiEndpoint.UserInfo => Profile(page),
            _ => WholePage(page, "unknown kind of page"),
        };

    private NormalizedPage Videos(StoredPage page)
    {
        var facts = PageReader.Read(page.Body, page.Status);
        if (!facts.Error.IsOk)
        {
            return facts.Error.Class is ApiErrorClass.Unreadable && string.Equals(page.ErrorCode, "ok", StringComparison.Ordinal)
                ? WholePage(page, facts.Error.Reason ?? "cannot be read")
                : Empty(page);
        }

        List<NormalizedItem> items = new(facts.Items.Count);
        List<BadItem> badItems = [];
        foreach (var item in facts.Items)
        {
            if (Read(page, item, out var reason) is { } read)
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

    /// <summary>The item, or null and why it cannot become a record.</summary>
    private NormalizedItem? Read(StoredPage page, PageItem item, out string reason)
    {
        reason = "";
        if (!ItemReader.TryRead<VideoItem>(item.Bytes, out var video, out var error))
        {
            reason = Reasons[error.Value];
            return null;
        }

        if (!video.Id.All(char.IsAsciiDigit))
        {
            reason = "the id is not a number";
            return null;
        }

        var read = Item(page, item.Index, video);
        reason = IsTooLarge(item.Bytes.Length, read) ? TooLarge : "";
        return reason.Length > 0 ? null : read;
    }

    private NormalizedItem Item(StoredPage page, int position, VideoItem video)
    {
        var username = video.Username is { Length: > 0 } name ? name : null;
        return new()
        {
            Position = position,
            Username = username,
            Day = DayOf(page, video.CreateTime ?? page.FetchedAt),
            Matches = ClauseMatching.Of(video, page.Clauses),
            Video = new()
            {
                PlatformId = video.Id,
                Version = new(page.FetchedAt.ToUnixTimeMilliseconds(), page.PageId, position),
                FirstReadAt = page.FetchedAt.ToUnixTimeMilliseconds(),
                CreateTime = video.CreateTime?.ToUnixTimeSeconds(),
                RegionCode = video.RegionCodeAsSent,
                HashtagNames = video.HashtagNames,
                MusicId = video.MusicId,
                EffectIds = video.EffectIds,
                PlaylistId = video.PlaylistId,
                Caption = Caption(video),
                Transcript = video.VoiceToText is { } transcript ? WithoutNames(transcript) : null,
                Author = username is null ? null : new(pseudonyms.Of(username), pseudonyms.KeyId),
                Tier = page.Tier,
                IsRandom = page.IsRandom,
                SearchIds = page.TikTokSearchId.Length > 0 ? [page.TikTokSearchId] : [],
                Counts = EngagementCounts.Of(video, new(page.FetchedAt.ToUnixTimeMilliseconds(), page.PageId, position)),
                Unreadable = EngagementCounts.WithoutCounts(video.UnreadableFields),
            },
        };
    }

    private Caption? Caption(VideoItem video)
    {
        if (video.VideoDescription is not { } description)
        {
            return null;
        }

        var detected = TextContent.Of(description, video.VoiceToText) is { } text ? language.Detect(text) : DetectedLanguage.Undetermined;
        return new(WithoutNames(description), ContentHash.Of(description), detected.Code, detected.Probability);
    }

    private string WithoutNames(string text) => options.ReplaceMentions ? Mentions.Replace(text, pseudonyms.ShortOf) : text;

    private static NormalizedPage Profile(StoredPage page)
    {
        var reply = PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, page.Body, page.Status);
        if (reply.Item is null || page.Subject.Length == 0)
        {
            return Empty(page);
        }

        var profile = ProfileDocument.Of(reply.Item);
        return Encoding.UTF8.GetByteCount(profile) > LargestItem ? WholePage(page, TooLarge) : Empty(page) with { Profile = new(page.Subject, profile) };
    }

    /// <summary>What counts is what would be stored: an item that came with many escaped characters becomes smaller.</summary>
    private static bool IsTooLarge(int bytes, NormalizedItem item) =>
        bytes > LargestItem / LargestGrowth
        && Encoding.UTF8.GetByteCount(StoredVideoJson.Write(item.Video)) + Encoding.UTF8.GetByteCount(item.Username ?? "") > LargestItem;

    /// <summary>A video belongs to one of the days that were asked for, also when TikTok's own time lies beside them.</summary>
    private static DateOnly DayOf(StoredPage page, DateTimeOffset published)
    {
        var day = DateOnly.FromDateTime(published.UtcDateTime);
        return day < page.From ? page.From.Value : day > page.To ? page.To.Value : day;
    }

    private static NormalizedPage Empty(StoredPage page) => new() { PageId = page.PageId, FetchedAt = page.FetchedAt, Refresh = page.Refresh };

    private static NormalizedPage WholePage(StoredPage page, string reason) => Empty(page) with { BadItems = [new(-1, reason)] };
}
