using IssueObservatory.Mesh.Normalizer;
using MongoDB.Bson;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Documents are of the size that the page on growth in <c>build/decisions</c> reckons with.</summary>
public sealed class MongoDocumentSizeTests
{
    private const string Lab = "default";
    private const string Page = "0f8fad5bd9cb469fa16570867728950e-1200-1";
    private const string Clause = "9b74c9897bac770ffc029102a200c5de";
    private static readonly ReadVersion Version = new(1_775_000_000_000, Page, 42);

    private static readonly StoredRecord Video = new()
    {
        PlatformId = "7354367454467855403",
        Version = Version,
        FirstReadAt = Version.At,
        CreateTime = 1_768_032_000,
        RegionCode = "DK",
        HashtagNames = ["dkpol", "folkemøde", "valg2026", "klima", "fyp"],
        MusicId = "7111111111111111111",
        Caption = new("Så er der valg igen, og her er hvad partierne siger om klimaet #dkpol #folkemøde #valg2026 #klima #fyp", new string('a', 64), "da", 0.98),
        Author = new(new string('b', 64), "0123456789abcdef"),
        Tier = "free",
        SearchIds = ["7354367454467855403", "7354367454467855404"],
        Counts = new() { Version = Version, Views = 123_456, Likes = 7_890, Shares = 120, Comments = 345 },
    };

    private static readonly MatchRow Match = new(Clause, 739_626, Attributed: true, 1_234_567);

    [Fact]
    public void A_record_has_about_1300_bytes() =>
        Size(MongoRecordDocuments.Of(Lab, new KeptRecord(Video, StoredItemJson.Write(Video), 1_234_567, [Match, Match with { ClauseId = new string('c', 32) }]))).ShouldBeInRange(1_200, 1_350);

    [Fact]
    public void A_match_has_less_than_300_bytes() => Size(MongoRecordDocuments.Of(Lab, Video, Match)).ShouldBeInRange(220, 300);

    [Fact]
    public void An_observation_has_less_than_200_bytes() =>
        Size(MongoRecordDocuments.Of(Lab, Page, new ObservationRow(Video.Key, 42, Video.Counts!))).ShouldBeInRange(120, 200);

    [Fact]
    public void A_page_has_less_than_250_bytes() => Size(MongoRecordDocuments.Of(Lab, Page, new PageCounts(100, 60, 40, 3, 1), [7], Version.At)).ShouldBeInRange(150, 250);

    /// <summary>With the version that the store adds to each document.</summary>
    private static int Size(BsonDocument document)
    {
        document["v"] = 1L;
        var size = document.ToBson().Length;
        TestContext.Current.SendDiagnosticMessage($"{size} bytes");
        return size;
    }
}
