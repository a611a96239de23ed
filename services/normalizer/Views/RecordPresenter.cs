using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Makes the record or document that one reader may see from what is stored.</summary>
internal sealed class RecordPresenter(AuthorPseudonyms pseudonyms)
{
    /// <summary>Counts read at this age are final: TikTok's lag up to ten days.</summary>
    private static readonly TimeSpan FinalAge = TimeSpan.FromDays(10);

    private const string Platform = "tiktok";

    private static readonly string[] NameFields = ["url", "author_platform_id", "author_display_name"];

    private static readonly string[] DisplayNameField = ["author_display_name"];

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
        public UniversalContentRecord Of(ViewedItem viewed)
        {
            var record = (StoredRecord)viewed.Stored;
            var counts = record.Counts;
            var names = NamesOf(viewed);
            string[] terms = [.. viewed.Holders.SelectMany(holder => holder.Membership.Terms).Distinct(StringComparer.Ordinal)];
            var handle = HandleOf(record.Author, viewed.Holders);
            var first = viewed.Holders.Count > 0 ? viewed.Holders[0].Selection : null;
            return new()
            {
                Id = RecordId.Of(labId, Platform, record.PlatformId),
                PublishedAt = record.PublishedAt,
                PlatformId = record.PlatformId,
                ContentType = record.Type.Name(),
                Url = names?.Username is { } name ? $"https://www.tiktok.com/@{name}/video/{record.PlatformId}" : null,
                TextContent = TextContent.Of(record.Caption?.Text, record.Transcript),
                Language = record.Language,
                CollectedAt = record.CollectedAt,
                AuthorName = names?.Username,
                AuthorDisplayName = record.Type is StoredType.Video ? names?.Username : DisplayNameOf(names),
                PseudonymizedAuthorId = handle ?? record.Author?.Pseudonym,
                ViewsCount = counts?.Views,
                LikesCount = counts?.Likes,
                SharesCount = counts?.Shares,
                CommentsCount = counts?.Comments,
                EngagementScore = EngagementScore.Of(counts?.Views, counts?.Likes, counts?.Shares, counts?.Comments),
                CollectionRunId = first?.CollectionRunId,
                QueryDesignId = first?.QueryDesignId,
                SearchTermsMatched = terms,
                CollectionTier = record.Tier,
                TermMatched = terms.Length > 0,
                ContentHash = record.Caption?.Hash,
                RawMetadata = Metadata(viewed, record, names, handle),
            };
        }

        /// <summary>The document as its holders see it.</summary>
        public UniversalDocument DocumentOf(ViewedItem viewed)
        {
            var document = (StoredDocument)viewed.Stored;
            var names = NamesOf(viewed)?.Fields;
            return new()
            {
                Id = RecordId.Of(labId, Platform, document.Key),
                Type = document.Type.Name(),
                Key = document.Id,
                CollectedAt = document.CollectedAt,
                Fields = [.. DocumentShapes.Of(document.Type).Select(field => KeyValuePair.Create(field, ValueOf(document, names, field)))],
                Withheld = names is null ? document.Withheld : [],
            };
        }

        private static JsonNode? ValueOf(StoredDocument document, JsonObject? names, string field) =>
            document.Set is { } set && field is DocumentShapes.IdsOfPlaylist ? new JsonArray([.. set.Select(seen => JsonValue.Create(seen.Id))])
            : document.Fields.TryGetPropertyValue(field, out var value) ? value
            : names?[field];

        /// <summary>The names, for holders who may see them.</summary>
        private static KeptNames? NamesOf(ViewedItem viewed) => viewed.MayBeNamed ? viewed.Names : null;

        private static string? DisplayNameOf(KeptNames? names) => (string?)names?.Fields?["display_name"];

        private static RecordMetadata Metadata(ViewedItem viewed, StoredRecord record, KeptNames? names, string? handle) => new()
        {
            RegionCode = record.RegionCode,
            HashtagNames = record.HashtagNames,
            MusicId = record.MusicId,
            EffectIds = record.EffectIds,
            PlaylistId = record.PlaylistId,
            VoiceToText = record.Transcript,
            IsRandom = record.IsRandom,
            SearchIds = record.SearchIds,
            EngagementRefreshedAt = record.RefreshedAt is { } refreshed ? DateTimeOffset.FromUnixTimeMilliseconds(refreshed) : null,
            EngagementFinal = record.Counts is { } counts && DateTimeOffset.FromUnixTimeMilliseconds(counts.Version.At) - record.PublishedAt >= FinalAge,
            PseudonymKeyId = record.Author?.KeyId,
            Withheld = names is not null ? [] : record.Author is not null ? NameFields : record.HasDisplayName is true ? DisplayNameField : [],
            Caveats = Caveats(record),
            LanguageProbability = record.Caption?.LanguageProbability,
            Parents = record.Type is StoredType.Comment ? ParentsOf(record) : null,
            Unattributed = viewed.Holders.Count > 0 && viewed.Holders.All(holder => holder.Membership.Unattributed),
            BypassReason = handle is null ? null : "listed in public_figure_ids of the collection",
        };

        /// <summary>TikTok gives a comment on the video itself the video as its parent.</summary>
        private static CommentParents ParentsOf(StoredRecord comment) =>
            new(comment.ParentPostId, string.Equals(comment.ParentCommentId, comment.ParentPostId, StringComparison.Ordinal) ? null : comment.ParentCommentId);

        private static string[] Caveats(StoredRecord record) =>
        [
            .. record.CreateTime is null ? ["published_at_is_fetch_time"] : Array.Empty<string>(),
            .. record.Unreadable.Concat(record.Counts?.Unreadable ?? []).Select(field => field + "_unreadable"),
        ];

        /// <summary>The author's handle, when a collection that holds the record lists it as a public figure.</summary>
        private string? HandleOf(AuthorKey? author, IReadOnlyList<(RecordSelection Selection, Membership Membership)> holders) =>
            author is not null && handles.TryGetValue(author.Pseudonym, out var handle)
            && holders.Any(holder => holder.Selection.PublicFigures.Any(figure => string.Equals(figure.Trim().TrimStart('@'), handle, StringComparison.OrdinalIgnoreCase)))
                ? handle
                : null;
    }
}
