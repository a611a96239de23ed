using System.Text.Json.Nodes;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Decides what a video or comment of a page becomes: an item of a record.</summary>
internal sealed class RecordItems(AuthorPseudonyms pseudonyms, ILanguageDetector language, NamelessText texts)
{
    public NormalizedItem Of(StoredPage page, int position, VideoItem video)
    {
        var username = video.Username is { Length: > 0 } name ? name : null;
        var version = page.VersionAt(position);
        return new()
        {
            Position = position,
            Names = username is null ? null : new(username),
            Day = page.DayOf(video.CreateTime),
            Matches = page.Endpoint is ApiEndpoint.VideoQuery ? ClauseMatching.Of(video, page.Clauses) : ClauseMatching.OfList(page.Clauses),
            Stored = new StoredRecord
            {
                PlatformId = video.Id,
                Version = version,
                FirstReadAt = version.At,
                CreateTime = video.CreateTime?.ToUnixTimeSeconds(),
                RegionCode = video.RegionCodeAsSent,
                HashtagNames = video.HashtagNames,
                MusicId = video.MusicId,
                EffectIds = video.EffectIds,
                PlaylistId = video.PlaylistId,
                Caption = Caption(video.VideoDescription, video.VoiceToText),
                Transcript = texts.OrNull(video.VoiceToText),
                Author = username is null ? null : new(pseudonyms.Of(username), pseudonyms.KeyId),
                Tier = page.Tier,
                IsRandom = page.IsRandom,
                SearchIds = page.TikTokSearchId.Length > 0 ? [page.TikTokSearchId] : [],
                Counts = EngagementCounts.Of(video, version),
                Unreadable = EngagementCounts.WithoutCounts(video.UnreadableFields),
            },
        };
    }

    public NormalizedItem Of(StoredPage page, int position, CommentItem comment)
    {
        var displayName = comment.DisplayName is { Length: > 0 } name ? name : null;
        var version = page.VersionAt(position);
        return new()
        {
            Position = position,
            Names = displayName is null ? null : new(Username: null, Fields: new JsonObject { ["display_name"] = displayName }),
            Day = page.DayOf(comment.CreateTime),
            Matches = ClauseMatching.OfList(page.Clauses),
            Stored = new StoredRecord
            {
                Type = StoredType.Comment,
                PlatformId = comment.Id,
                Version = version,
                FirstReadAt = version.At,
                CreateTime = comment.CreateTime?.ToUnixTimeSeconds(),
                Caption = Caption(comment.Text, transcript: null),
                ParentPostId = comment.VideoId ?? SubjectOf(page, ApiEndpoint.Comments),
                ParentCommentId = comment.ParentCommentId ?? SubjectOf(page, ApiEndpoint.Replies),
                HasDisplayName = displayName is null ? null : true,
                Tier = page.Tier,
                Counts = EngagementCounts.Of(comment, version),
                Unreadable = EngagementCounts.WithoutCounts(comment.UnreadableFields),
            },
        };
    }

    private static string? SubjectOf(StoredPage page, ApiEndpoint endpoint) => page.Endpoint == endpoint && page.Subject.Length > 0 ? page.Subject : null;

    private Caption? Caption(string? written, string? transcript)
    {
        if (written is null)
        {
            return null;
        }

        var detected = TextContent.Of(written, transcript) is { } text ? language.Detect(text) : DetectedLanguage.Undetermined;
        return new(texts.Of(written), ContentHash.Of(written), detected.Code, detected.Probability);
    }
}
