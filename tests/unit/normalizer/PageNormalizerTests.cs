using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Normalizer.Videos;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class PageNormalizerTests
{
    [Fact]
    public void A_page_becomes_its_videos_without_names()
    {
        var page = Reader.Normalize(Page("p", [Video(1, "anna", hashtags: "dkpol"), Video(2, "bo")]));

        page.Received.ShouldBe(2);
        page.BadItems.ShouldBeEmpty();
        var item = page.Items[0];
        item.Names!.Username.ShouldBe("anna");
        item.Day.ShouldBe(new DateOnly(2026, 1, 10));
        item.Record().Author.ShouldBe(new AuthorKey(Pseudonyms.Of("anna"), Pseudonyms.KeyId));
        item.Record().Caption!.Hash.ShouldBe(ContentHash.Of("Video 1 #dkpol "));
        item.Record().PublishedAt.ShouldBe(Upload);
        item.Record().CollectedAt.ShouldBe(Fetch);
        item.Record().MusicId.ShouldBe("7111111111111111111");
        item.Record().SearchIds.ShouldBe(["7354367454467855403"]);
        StoredItemJson.Write(item.Record()).ShouldNotContain("anna");
    }

    [Fact]
    public void Bad_items_go_to_quarantine_with_the_reason_and_the_rest_goes_on()
    {
        var nameless = Video(0);
        nameless.Remove("id");
        var worded = Video(0);
        worded["id"] = "abc";
        var page = Reader.Normalize(Page("p", [JsonValue.Create(7), null, nameless, worded, Video(5)]));

        page.Received.ShouldBe(5);
        page.Items.ShouldHaveSingleItem().Position.ShouldBe(4);
        page.BadItems.ShouldBe([new(0, "not an object"), new(1, "not an object"), new(2, "no id, or none that is a number"), new(3, "the id is not a number")]);
    }

    [Fact]
    public void An_item_that_no_document_could_hold_goes_to_quarantine_and_the_rest_goes_on()
    {
        const int mebibyte = 1024 * 1024;
        var page = Reader.Normalize(Page("p", [Described(1, new string('x', mebibyte)), Described(2, string.Concat(Enumerable.Repeat("@ab ", mebibyte / 8))), Described(3, new string('x', mebibyte / 2))]));

        page.Received.ShouldBe(3);
        page.Items.ShouldHaveSingleItem().Stored.Id.ShouldBe("3");
        page.BadItems.ShouldBe([new(0, "too_large"), new(1, "too_large")]);

        static JsonObject Described(long id, string description)
        {
            var video = Video(id);
            video["video_description"] = description;
            return video;
        }
    }

    [Fact]
    public void Ids_beyond_int64_large_counts_NULs_and_broken_surrogates_are_fine()
    {
        const string Body = """
            {"data":{"videos":[{"id":98765432109876543210,"username":"navn\u0000","create_time":1768032000,"video_description":"a\ud800b\u0000","view_count":1099511627776,"like_count":"12"}]},"error":{"code":"ok"}}
            """;
        var item = Reader.Normalize(Page("p", Body, "ok")).Items.ShouldHaveSingleItem();
        item.Stored.Id.ShouldBe("98765432109876543210");
        item.Names!.Username.ShouldBe("navn");
        item.Record().Caption!.Text.ShouldBe("a\uFFFDb");
        item.Record().Counts!.Views.ShouldBe(1_099_511_627_776);
        item.Record().Counts!.Likes.ShouldBe(12);
    }

    [Fact]
    public void A_video_without_create_time_was_published_when_it_was_fetched_on_the_windows_last_day()
    {
        var video = Video(1);
        video.Remove("create_time");
        var item = Reader.Normalize(Page("p", [video])).Items[0];
        item.Record().PublishedAt.ShouldBe(Fetch);
        item.Day.ShouldBe(new DateOnly(2026, 1, 31));
        Present(item.Record()).RawMetadata.Caveats.ShouldBe(["published_at_is_fetch_time"]);
    }

    [Theory]
    [InlineData("2025-12-31T23:59:59Z", "2026-01-01")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01")]
    [InlineData("2026-02-01T00:00:00Z", "2026-01-31")]
    public void A_video_belongs_to_a_day_of_its_window(string upload, string day) =>
        Reader.Normalize(Page("p", [Video(1, upload: DateTimeOffset.Parse(upload, null))])).Items[0].Day.ShouldBe(DateOnly.Parse(day, null));

    [Fact]
    public void Mentions_are_replaced_in_text_and_transcript_and_the_hash_is_over_the_original()
    {
        var video = Video(1);
        video["video_description"] = "tak @Anna.B!";
        video["voice_to_text"] = "hej @bo";
        var read = Reader.Normalize(Page("p", [video])).Items[0].Record();
        read.Caption!.Text.ShouldBe($"tak @{Pseudonyms.ShortOf("anna.b")}!");
        read.Transcript.ShouldBe($"hej @{Pseudonyms.ShortOf("bo")}");
        read.Caption.Hash.ShouldBe(ContentHash.Of("tak @Anna.B!"));

        var keeping = new PageNormalizer(Pseudonyms, new UndeterminedLanguage(), new NormalizerOptions { ReplaceMentions = false });
        keeping.Normalize(Page("p", [video.DeepClone()])).Items[0].Record().Caption!.Text.ShouldBe("tak @Anna.B!");
    }

    [Fact]
    public void A_language_comes_from_the_detector_and_never_from_the_region()
    {
        Present(Reader.Normalize(Page("p", [Video(1)])).Items[0].Record()).Language.ShouldBeNull();
        var detecting = new PageNormalizer(Pseudonyms, new AlwaysDanish(), new NormalizerOptions());
        var record = Present(detecting.Normalize(Page("p", [Video(1)])).Items[0].Record());
        record.Language.ShouldBe("da");
        record.RawMetadata.LanguageProbability.ShouldBe(0.9);
    }

    [Theory]
    [InlineData("""{"data":{},"error":{"code":"internal_error"}}""", "internal_error")]
    [InlineData("<html>504</html>", "")]
    [InlineData("", "")]
    [InlineData("""{"data":{"videos":[{"id":1""", "")]
    public void An_answer_that_is_no_page_holds_nothing(string body, string errorCode)
    {
        var page = Reader.Normalize(Page("p", body, errorCode));
        (page.Received, page.Items.Count, page.BadItems.Count).ShouldBe((0, 0, 0));
    }

    [Theory]
    [InlineData("""{"data":{"videos":{}},"error":{"code":"ok"}}""")]
    [InlineData("""{"data":{"videos":[""")]
    public void A_page_that_says_ok_and_cannot_be_read_goes_to_quarantine_whole(string body)
    {
        var page = Reader.Normalize(Page("p", body, "ok"));
        page.Received.ShouldBe(0);
        page.BadItems.ShouldHaveSingleItem().Position.ShouldBe(-1);
    }

    [Fact]
    public void Bytes_that_are_not_the_stored_ones_go_to_quarantine_whole()
    {
        var page = Page("p", [Video(1)]);
        Reader.Normalize(page with { Sha256 = new string('0', 64) }).BadItems.ShouldBe([new(-1, "the bytes do not have the page's SHA-256")]);
        Reader.Normalize(page with { Sha256 = page.Sha256.ToUpperInvariant() }).Items.Count.ShouldBe(1);
    }

    [Fact]
    public void The_recorded_NUL_page_reads()
    {
        var body = Recordings.Read("recorded/api_videos_response_unicode_with_null_bytes.json");
        var item = Reader.Normalize(Page("p", body, "ok")).Items.ShouldHaveSingleItem();
        item.Names!.Username!.ShouldNotContain('\0');
        item.Record().RegionCode.ShouldBe("IQ");
        item.Record().Counts!.Views.ShouldBe(401);
    }

    private static UniversalContentRecord Present(StoredRecord video) => new RecordPresenter(Pseudonyms).Begin(Lab).Of(new(video, [], 0));

    private sealed class AlwaysDanish : ILanguageDetector
    {
        public DetectedLanguage Detect(string text) => new("da", 0.9);
    }
}
