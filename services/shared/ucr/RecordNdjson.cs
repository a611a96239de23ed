using System.Buffers;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>
/// Writes records as NDJSON: one object a line, every field of the record in the observatory's order and under its names, absent values null.
/// The same record gives the same bytes on every machine.
/// </summary>
public sealed class RecordNdjson : IDisposable
{
    private readonly JsonLine line;

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public RecordNdjson(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        line = new(output);
    }

    /// <summary>Writes one line with its newline.</summary>
    public void Write(UniversalContentRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        line.Begin();
        line.Id("id", record.Id);
        line.Time("published_at", record.PublishedAt);
        line.Text("platform", record.Platform);
        line.Text("arena", record.Arena);
        line.Text("platform_id", record.PlatformId);
        line.Text("content_type", record.ContentType);
        line.Text("url", record.Url);
        line.Text("text_content", record.TextContent);
        line.Text("title", null);
        line.Text("language", record.Language);
        line.Time("collected_at", record.CollectedAt);
        line.Text("author_platform_id", record.AuthorName);
        line.Text("author_display_name", record.AuthorDisplayName);
        line.Text("author_id", null);
        line.Text("pseudonymized_author_id", record.PseudonymizedAuthorId);
        line.Count("views_count", record.ViewsCount);
        line.Count("likes_count", record.LikesCount);
        line.Count("shares_count", record.SharesCount);
        line.Count("comments_count", record.CommentsCount);
        line.Number("engagement_score", record.EngagementScore);
        line.Text("collection_run_id", record.CollectionRunId);
        line.Text("query_design_id", record.QueryDesignId);
        line.Texts("search_terms_matched", record.SearchTermsMatched);
        line.Text("collection_tier", record.CollectionTier);
        line.Name("raw_metadata");
        Metadata(record.RawMetadata);
        line.Text("media_urls", null);
        line.Text("scrape_status", null);
        line.Flag("term_matched", record.TermMatched);
        line.Text("content_hash", record.ContentHash);
        line.Text("simhash", null);
        line.End();
    }

    /// <summary>The record's <c>raw_metadata</c> alone, as the JSON object that a line holds.</summary>
    public static string MetadataJson(RecordMetadata metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new RecordNdjson(buffer);
        writer.Metadata(metadata);
        writer.line.Flush();
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => line.Dispose();

    private void Metadata(RecordMetadata metadata)
    {
        line.Open();
        line.Text("region_code", metadata.RegionCode);
        line.Texts("hashtag_names", metadata.HashtagNames);
        line.Text("music_id", metadata.MusicId);
        line.Texts("effect_ids", metadata.EffectIds);
        line.Text("playlist_id", metadata.PlaylistId);
        line.Text("voice_to_text", metadata.VoiceToText);
        line.Flag("is_random", metadata.IsRandom);
        line.Texts("search_ids", metadata.SearchIds);
        line.Time("engagement_refreshed_at", metadata.EngagementRefreshedAt);
        line.Flag("engagement_final", metadata.EngagementFinal);
        line.Text("score_version", EngagementScore.Version);
        line.Text("pseudonym_key_id", metadata.PseudonymKeyId);
        line.Texts("withheld", metadata.Withheld);
        line.Texts("caveats", metadata.Caveats);
        line.Name("language_detection");
        line.Open();
        line.Text("result", metadata.LanguageProbability is null ? "undetermined" : "determined");
        line.Number("probability", metadata.LanguageProbability);
        line.Close();
        if (metadata.Parents is { } parents)
        {
            line.Text("parent_post_id", parents.PostId);
            line.Text("parent_comment_id", parents.CommentId);
        }

        if (metadata.Unattributed)
        {
            line.Flag("unattributed", true);
        }

        if (metadata.BypassReason is not null)
        {
            line.Flag("public_figure_bypass", true);
            line.Text("bypass_reason", metadata.BypassReason);
        }

        line.Close();
    }
}
