using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>
/// Writes records as NDJSON: one object a line, every field of the record in the observatory's order and under its names, absent values null.
/// The same record gives the same bytes on every machine.
/// </summary>
public sealed class RecordNdjson : IDisposable
{
    private readonly IBufferWriter<byte> output;
    private readonly Utf8JsonWriter json;

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public RecordNdjson(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        this.output = output;
        json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Writes one line with its newline.</summary>
    public void Write(UniversalContentRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString("id", record.Id);
        Time("published_at", record.PublishedAt);
        Text("platform", record.Platform);
        Text("arena", record.Arena);
        Text("platform_id", record.PlatformId);
        Text("content_type", record.ContentType);
        Text("url", record.Url);
        Text("text_content", record.TextContent);
        json.WriteNull("title");
        Text("language", record.Language);
        Time("collected_at", record.CollectedAt);
        Text("author_platform_id", record.AuthorName);
        Text("author_display_name", record.AuthorName);
        json.WriteNull("author_id");
        Text("pseudonymized_author_id", record.PseudonymizedAuthorId);
        Count("views_count", record.ViewsCount);
        Count("likes_count", record.LikesCount);
        Count("shares_count", record.SharesCount);
        Count("comments_count", record.CommentsCount);
        Number("engagement_score", record.EngagementScore);
        Text("collection_run_id", record.CollectionRunId);
        Text("query_design_id", record.QueryDesignId);
        Texts("search_terms_matched", record.SearchTermsMatched);
        Text("collection_tier", record.CollectionTier);
        json.WritePropertyName("raw_metadata");
        Metadata(record.RawMetadata);
        json.WriteNull("media_urls");
        json.WriteNull("scrape_status");
        json.WriteBoolean("term_matched", record.TermMatched);
        Text("content_hash", record.ContentHash);
        json.WriteNull("simhash");
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    /// <summary>The record's <c>raw_metadata</c> alone, as the JSON object that a line holds.</summary>
    public static string MetadataJson(RecordMetadata metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new RecordNdjson(buffer);
        writer.Metadata(metadata);
        writer.json.Flush();
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    private void Metadata(RecordMetadata metadata)
    {
        json.WriteStartObject();
        Text("region_code", metadata.RegionCode);
        Texts("hashtag_names", metadata.HashtagNames);
        Text("music_id", metadata.MusicId);
        Texts("effect_ids", metadata.EffectIds);
        Text("playlist_id", metadata.PlaylistId);
        Text("voice_to_text", metadata.VoiceToText);
        json.WriteBoolean("is_random", metadata.IsRandom);
        Texts("search_ids", metadata.SearchIds);
        Time("engagement_refreshed_at", metadata.EngagementRefreshedAt);
        json.WriteBoolean("engagement_final", metadata.EngagementFinal);
        Text("score_version", EngagementScore.Version);
        Text("pseudonym_key_id", metadata.PseudonymKeyId);
        Texts("withheld", metadata.Withheld);
        Texts("caveats", metadata.Caveats);
        json.WriteStartObject("language_detection");
        Text("result", metadata.LanguageProbability is null ? "undetermined" : "determined");
        Number("probability", metadata.LanguageProbability);
        json.WriteEndObject();
        if (metadata.Unattributed)
        {
            json.WriteBoolean("unattributed", true);
        }

        if (metadata.BypassReason is not null)
        {
            json.WriteBoolean("public_figure_bypass", true);
            Text("bypass_reason", metadata.BypassReason);
        }

        json.WriteEndObject();
    }

    private void Text(string name, string? value)
    {
        json.WritePropertyName(name);
        Value(value);
    }

    private void Texts(string name, IReadOnlyList<string>? values)
    {
        json.WritePropertyName(name);
        if (values is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var value in values)
        {
            Value(value);
        }

        json.WriteEndArray();
    }

    private void Value(string? value)
    {
        if (value is null)
        {
            json.WriteNullValue();
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(PlainJsonText.MaxBytes(value));
        json.WriteRawValue(bytes.AsSpan(0, PlainJsonText.Write(value, bytes)), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private void Time(string name, DateTimeOffset? value) =>
        Text(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    private void Count(string name, long? value)
    {
        if (value is { } count)
        {
            json.WriteNumber(name, count);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private void Number(string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
