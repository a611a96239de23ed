using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Decides what a stored page says. The same page gives the same answer for ever.</summary>
internal sealed class PageNormalizer(AuthorPseudonyms pseudonyms, ILanguageDetector language, NormalizerOptions options)
{
    private static readonly Dictionary<ReadError, string> Reasons = new()
    {
        [ReadError.NotJson] = "not JSON",
        [ReadError.NotAnObject] = "not an object",
        [ReadError.NoId] = "no id, or none that is a number",
    };

    /// <summary>Items that can become records, items that cannot, or a profile. Answers of TikTok that are errors hold nothing.</summary>
    public NormalizedPage Normalize(StoredPage page) => !page.IsIntact
        ? WholePage(page, "the bytes do not have the page's SHA-256")
        : page.Kind switch
        {
            PageKind.Videos => Videos(page),
            PageKind.UserInfo => Profile(page),
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
            if (!VideoItemReader.TryRead(item.Bytes, out var video, out var error))
            {
                badItems.Add(new(item.Index, Reasons[error.Value]));
            }
            else if (!video.Id.All(char.IsAsciiDigit))
            {
                badItems.Add(new(item.Index, "the id is not a number"));
            }
            else
            {
                items.Add(Item(page, item.Index, video));
            }
        }

        return Empty(page) with { Received = facts.Items.Count, Items = items, BadItems = badItems };
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
        var reply = PageReader.ReadUserInfo(page.Body, page.Status);
        return reply.User is null || page.Username.Length == 0
            ? Empty(page)
            : Empty(page) with { Profile = new(page.Username, ProfileDocument.Of(reply.User)) };
    }

    /// <summary>A video belongs to one of the days that were asked for, also when TikTok's own time lies beside them.</summary>
    private static DateOnly DayOf(StoredPage page, DateTimeOffset published)
    {
        var day = DateOnly.FromDateTime(published.UtcDateTime);
        return day < page.From ? page.From.Value : day > page.To ? page.To.Value : day;
    }

    private static NormalizedPage Empty(StoredPage page) => new() { PageId = page.PageId, FetchedAt = page.FetchedAt, Refresh = page.Refresh };

    private static NormalizedPage WholePage(StoredPage page, string reason) => Empty(page) with { BadItems = [new(-1, reason)] };
}
