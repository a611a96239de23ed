using System.Buffers;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Ucr;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Ucr;

public sealed class RecordNdjsonTests
{
    private static readonly UniversalContentRecord Bare = new()
    {
        Id = new Guid("4dbbffb3-7ac1-5e13-b85c-6b255dbf0137"),
        PublishedAt = new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero),
        PlatformId = "7320768198246433569",
        CollectedAt = new DateTimeOffset(2026, 4, 1, 14, 0, 0, 250, TimeSpan.FromHours(2)),
        CollectionTier = "free",
        RawMetadata = new RecordMetadata(),
    };

    [Fact]
    public void A_line_has_every_field_in_the_observatorys_order_and_null_for_what_is_absent() => Line(Bare).ShouldBe(
        """
        {"id":"4dbbffb3-7ac1-5e13-b85c-6b255dbf0137","published_at":"2026-01-31T23:59:59Z","platform":"tiktok","arena":"social_media","platform_id":"7320768198246433569","content_type":"video","url":null,"text_content":null,"title":null,"language":null,"collected_at":"2026-04-01T12:00:00.25Z","author_platform_id":null,"author_display_name":null,"author_id":null,"pseudonymized_author_id":null,"views_count":null,"likes_count":null,"shares_count":null,"comments_count":null,"engagement_score":null,"collection_run_id":null,"query_design_id":null,"search_terms_matched":[],"collection_tier":"free","raw_metadata":{"region_code":null,"hashtag_names":null,"music_id":null,"effect_ids":null,"playlist_id":null,"voice_to_text":null,"is_random":false,"search_ids":[],"engagement_refreshed_at":null,"engagement_final":false,"score_version":"io-cold-start-1","pseudonym_key_id":null,"withheld":[],"caveats":[],"language_detection":{"result":"undetermined","probability":null}},"media_urls":null,"scrape_status":null,"term_matched":false,"content_hash":null,"simhash":null}

        """.ReplaceLineEndings("\n"));

    [Fact]
    public void A_full_record_reads_back_as_it_was()
    {
        var record = Bare with
        {
            Url = "https://www.tiktok.com/@dr/video/1",
            TextContent = "æøå \"citat\" \\ 🙂\n\u2028\u0085\u0001 李",
            Language = "da",
            AuthorName = "dr",
        AuthorDisplayName = "dr",
            PseudonymizedAuthorId = "ab",
            ViewsCount = 0,
            LikesCount = 1L << 40,
            SharesCount = long.MaxValue,
            CommentsCount = 3,
            EngagementScore = 23.55,
            CollectionRunId = "run",
            QueryDesignId = "design",
            SearchTermsMatched = ["#DKpol", "to ord"],
            TermMatched = true,
            ContentHash = "cd",
            RawMetadata = new RecordMetadata
            {
                RegionCode = "dk",
                HashtagNames = ["dkpol"],
                EffectIds = [],
                MusicId = "1",
                PlaylistId = "2",
                VoiceToText = "tale",
                IsRandom = true,
                SearchIds = ["7"],
                EngagementRefreshedAt = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero),
                EngagementFinal = true,
                PseudonymKeyId = "0a1b2c3d",
                Withheld = ["url"],
                Caveats = ["published_at_is_fetch_time"],
                LanguageProbability = 0.9,
                Unattributed = true,
                BypassReason = "listed",
            },
        };

        using var json = JsonDocument.Parse(Line(record));

        var root = json.RootElement;
        root.GetProperty("text_content").GetString().ShouldBe(record.TextContent);
        root.GetProperty("likes_count").GetInt64().ShouldBe(1L << 40);
        root.GetProperty("views_count").GetInt64().ShouldBe(0);
        root.GetProperty("shares_count").GetRawText().ShouldBe("9223372036854775807");
        root.GetProperty("engagement_score").GetRawText().ShouldBe("23.55");
        root.GetProperty("author_display_name").GetString().ShouldBe("dr");
        root.GetProperty("search_terms_matched").EnumerateArray().Select(term => term.GetString()).ShouldBe(["#DKpol", "to ord"]);
        var metadata = root.GetProperty("raw_metadata");
        metadata.GetProperty("region_code").GetString().ShouldBe("dk");
        metadata.GetProperty("effect_ids").GetArrayLength().ShouldBe(0);
        metadata.GetProperty("language_detection").GetProperty("result").GetString().ShouldBe("determined");
        metadata.GetProperty("unattributed").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("public_figure_bypass").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("bypass_reason").GetString().ShouldBe("listed");
        metadata.GetProperty("engagement_refreshed_at").GetString().ShouldBe("2026-05-01T00:00:00Z");
    }

    [Fact]
    public void Letters_and_emoji_stand_as_they_are_and_a_line_is_one_line()
    {
        var line = Line(Bare with { TextContent = "Blåbærgrød 🙂 ẞ <b>&'+ \u2028\u0085\r\n\u007F" });
        line.ShouldContain("Blåbærgrød 🙂 ẞ <b>&'+ \\u2028\\u0085\\r\\n\\u007f");
        line.Count(character => character is '\n' or '\u2028' or '\u0085').ShouldBe(1);
    }

    [Fact]
    public void One_writer_writes_many_lines()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var ndjson = new RecordNdjson(buffer);
        ndjson.Write(Bare);
        ndjson.Write(Bare);
        Encoding.UTF8.GetString(buffer.WrittenSpan).ShouldBe(Line(Bare) + Line(Bare));
    }

    private static string Line(UniversalContentRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var ndjson = new RecordNdjson(buffer);
        ndjson.Write(record);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
