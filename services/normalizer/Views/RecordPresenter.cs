using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Makes the record that one reader may see from what is stored.</summary>
internal sealed class RecordPresenter(AuthorPseudonyms pseudonyms)
{
    /// <summary>Counts read at this age are final: TikTok's lag up to ten days.</summary>
    private static readonly TimeSpan FinalAge = TimeSpan.FromDays(10);

    private static readonly string[] NameFields = ["url", "author_platform_id", "author_display_name"];

    /// <summary>A presenter of one answer, for the labs's records and the public figures of these selections.</summary>
    public Answer Begin(string labId, params IEnumerable<RecordSelection> selections)
    {
        Dictionary<string, string> handles = new(StringComparer.Ordinal);
        foreach (var handle in selections.SelectMany(selection => selection.PublicFigures).Select(handle => handle.Trim().TrimStart('@')))
        {
            // TikTok's names are lower case; a handle may have been typed otherwise.
            handles.TryAdd(pseudonyms.Of(handle), handle);
            handles.TryAdd(pseudonyms.Of(handle.ToLowerInvariant()), handle.ToLowerInvariant());
        }

        return new(labId, handles);
    }

    /// <summary>Presents records one after the other.</summary>
    internal sealed class Answer(string labId, Dictionary<string, string> handles)
    {
        /// <summary>The record as its holders see it: their terms united, run and design of the first. Without holders: what no collection knows.</summary>
        public UniversalContentRecord Of(ViewedVideo viewed)
        {
            var video = viewed.Video;
            var counts = video.Counts;
            var name = viewed.Holders.Any(holder => holder.Selection.Identified) ? viewed.Username : null;
            string[] terms = [.. viewed.Holders.SelectMany(holder => holder.Membership.Terms).Distinct(StringComparer.Ordinal)];
            var handle = HandleOf(video.Author, viewed.Holders);
            var first = viewed.Holders.Count > 0 ? viewed.Holders[0].Selection : null;
            return new()
            {
                Id = RecordId.Of(labId, "tiktok", video.PlatformId),
                PublishedAt = video.PublishedAt,
                PlatformId = video.PlatformId,
                Url = name is null ? null : $"https://www.tiktok.com/@{name}/video/{video.PlatformId}",
                TextContent = TextContent.Of(video.Caption?.Text, video.Transcript),
                Language = video.Caption?.Language,
                CollectedAt = video.CollectedAt,
                AuthorName = name,
                PseudonymizedAuthorId = handle ?? video.Author?.Pseudonym,
                ViewsCount = counts?.Views,
                LikesCount = counts?.Likes,
                SharesCount = counts?.Shares,
                CommentsCount = counts?.Comments,
                EngagementScore = EngagementScore.Of(counts?.Views, counts?.Likes, counts?.Shares, counts?.Comments),
                CollectionRunId = first?.CollectionRunId,
                QueryDesignId = first?.QueryDesignId,
                SearchTermsMatched = terms,
                CollectionTier = video.Tier,
                TermMatched = terms.Length > 0,
                ContentHash = video.Caption?.Hash,
                RawMetadata = Metadata(viewed, name, handle),
            };
        }

        private static RecordMetadata Metadata(ViewedVideo viewed, string? name, string? handle)
        {
            var video = viewed.Video;
            return new()
            {
                RegionCode = video.RegionCode,
                HashtagNames = video.HashtagNames,
                MusicId = video.MusicId,
                EffectIds = video.EffectIds,
                PlaylistId = video.PlaylistId,
                VoiceToText = video.Transcript,
                IsRandom = video.IsRandom,
                SearchIds = video.SearchIds,
                EngagementRefreshedAt = video.RefreshedAt is { } refreshed ? DateTimeOffset.FromUnixTimeMilliseconds(refreshed) : null,
                EngagementFinal = video.Counts is { } counts && DateTimeOffset.FromUnixTimeMilliseconds(counts.Version.At) - video.PublishedAt >= FinalAge,
                PseudonymKeyId = video.Author?.KeyId,
                Withheld = video.Author is not null && name is null ? NameFields : [],
                Caveats = Caveats(video),
                LanguageProbability = video.Caption?.LanguageProbability,
                Unattributed = viewed.Holders.Count > 0 && viewed.Holders.All(holder => holder.Membership.Unattributed),
                BypassReason = handle is null ? null : "listed in public_figure_ids of the collection",
            };
        }

        private static string[] Caveats(StoredVideo video) =>
        [
            .. video.CreateTime is null ? ["published_at_is_fetch_time"] : Array.Empty<string>(),
            .. video.Unreadable.Concat(video.Counts?.Unreadable ?? []).Select(field => field + "_unreadable"),
        ];

        /// <summary>The author's handle, when a collection that holds the record lists it as a public figure.</summary>
        private string? HandleOf(AuthorKey? author, IReadOnlyList<(RecordSelection Selection, Membership Membership)> holders) =>
            author is not null && handles.TryGetValue(author.Pseudonym, out var handle)
            && holders.Any(holder => holder.Selection.PublicFigures.Any(figure => string.Equals(figure.Trim().TrimStart('@'), handle, StringComparison.OrdinalIgnoreCase)))
                ? handle
                : null;
    }
}
