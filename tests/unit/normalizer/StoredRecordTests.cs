using FsCheck;
using FsCheck.Fluent;
using IssueObservatory.Mesh.Normalizer;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class StoredRecordTests
{
    [Fact]
    public void Later_readings_win_and_fewer_fields_erase_nothing()
    {
        var full = Reading(1) with { RegionCode = "DK", Transcript = "tale", Counts = Counts(1, views: 5) };
        var narrow = Reading(2) with { RegionCode = "SE" };
        var merged = StoredRecord.Merge(full, narrow);
        merged.RegionCode.ShouldBe("SE");
        merged.Transcript.ShouldBe("tale");
        merged.Counts!.Views.ShouldBe(5);
        merged.CollectedAt.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(2));
    }

    [Fact]
    public void Counts_never_go_back_in_time_and_stay_together()
    {
        var late = Reading(9) with { Counts = Counts(9, views: 50) };
        var early = Reading(3) with { Counts = Counts(3, views: 10, likes: 7) };
        StoredRecord.Merge(late, early).Counts.ShouldBeSameAs(late.Counts);
        StoredRecord.Merge(early, late).Counts!.Likes.ShouldBeNull();
    }

    [Fact]
    public void A_refresh_changes_counts_and_leaves_the_text()
    {
        var record = Reading(1) with { Caption = new("tekst", "hash", null, null), Counts = Counts(1, views: 1) };
        var refreshed = record.Refreshed(Reading(5) with { Caption = new("andet", "andet", null, null), Counts = Counts(5, views: 2) });
        refreshed.Caption!.Text.ShouldBe("tekst");
        refreshed.Counts!.Views.ShouldBe(2);
        refreshed.RefreshedAt.ShouldBe(5);
        refreshed.CollectedAt.ShouldBe(record.CollectedAt);

        var older = refreshed.Refreshed(Reading(3) with { Counts = Counts(3, views: 9) });
        (older.Counts!.Views, older.RefreshedAt).ShouldBe((2, 5));
    }

    [Fact]
    public void Sampled_means_that_every_page_was_a_sample() =>
        StoredRecord.Merge(Reading(1) with { IsRandom = true }, Reading(2)).IsRandom.ShouldBeFalse();

    [Fact]
    public void The_order_grouping_and_repetition_of_readings_never_show()
    {
        Prop.ForAll(Readings().ArrayOf().Where(readings => readings.Length > 0).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (readings, seed) =>
        {
            var random = new Random(seed);
            var straight = readings.Aggregate(StoredRecord.Merge);
            StoredRecord[] shuffled = [.. readings.Concat(readings.Where(_ => random.Next(2) == 0))];
            random.Shuffle(shuffled);
            var tree = shuffled.ToList();
            while (tree.Count > 1)
            {
                var at = random.Next(tree.Count - 1);
                tree[at] = StoredRecord.Merge(tree[at], tree[at + 1]);
                tree.RemoveAt(at + 1);
            }

            return StoredItemJson.Write(tree[0]) == StoredItemJson.Write(straight);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_record_that_an_older_version_stored_is_a_video_and_is_written_as_it_was()
    {
        const string Stored = """
            {"platform_id":"1","version":{"at":1,"page":"p","position":0},"first_read_at":1,"region_code":"DK","caption":{"text":"t","hash":"h"},"tier":"free","is_random":false,"search_ids":["7"],"counts":{"views":5,"unreadable":[],"version":{"at":1,"page":"p","position":0}},"unreadable":[]}
            """;
        var video = StoredItemJson.Read(StoredType.Video, Stored);
        (video.Type, video.Key).ShouldBe((StoredType.Video, "1"));
        StoredItemJson.Write(video).ShouldBe(Stored);
    }

    [Fact]
    public void A_comment_has_a_key_of_its_own()
    {
        var comment = Reading(1) with { Type = StoredType.Comment, ParentPostId = "9" };
        comment.Key.ShouldBe("comment:1");
        StoredItemJson.Read(StoredType.Comment, StoredItemJson.Write(comment)).ShouldBeOfType<StoredRecord>().ShouldSatisfyAllConditions(
            read => read.Key.ShouldBe("comment:1"),
            read => read.ParentPostId.ShouldBe("9"));
    }

    [Fact]
    public void What_is_stored_reads_back_as_it_was()
    {
        Prop.ForAll(Readings().Two().ToArbitrary(), pair =>
        {
            var text = StoredItemJson.Write(StoredRecord.Merge(pair.Item1, pair.Item2));
            return StoredItemJson.Write(StoredItemJson.Read(StoredType.Video, text)) == text;
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Readings of one video at few moments, so that equal times are frequent; the same version always says the same.</summary>
    private static Gen<StoredRecord> Readings() =>
        from at in Gen.Choose(1, 4)
        from page in Gen.Elements("a", "b", "c")
        let version = new ReadVersion(at, page, 0)
        select Filled(version);

    private static StoredRecord Filled(ReadVersion version)
    {
        var random = new Random((int)(version.At * 31) + version.Page[0]);
        bool Has() => random.Next(2) == 0;
        return new StoredRecord
        {
            PlatformId = "1",
            Version = version,
            FirstReadAt = version.At,
            Tier = "free",
            CreateTime = Has() ? random.Next(1, 9) : null,
            RegionCode = Has() ? $"R{random.Next(9)}" : null,
            HashtagNames = Has() ? [$"t{random.Next(9)}"] : null,
            MusicId = Has() ? $"{random.Next(9)}" : null,
            EffectIds = Has() ? [] : null,
            PlaylistId = Has() ? $"{random.Next(9)}" : null,
            Caption = Has() ? new($"c{random.Next(9)}", "h", null, null) : null,
            Transcript = Has() ? $"s{random.Next(9)}" : null,
            Author = Has() ? new($"u{random.Next(9)}", "k") : null,
            ParentPostId = Has() ? $"{random.Next(9)}" : null,
            ParentCommentId = Has() ? $"{random.Next(9)}" : null,
            HasDisplayName = Has() ? true : null,
            IsRandom = Has(),
            SearchIds = Has() ? [$"{random.Next(4)}"] : [],
            Counts = Has() ? new EngagementCounts { Version = version, Views = random.Next(9), Likes = Has() ? 1 : null } : null,
        };
    }

    private static StoredRecord Reading(long at) => new() { PlatformId = "1", Version = new(at, "p", 0), FirstReadAt = at, Tier = "free" };

    private static EngagementCounts Counts(long at, long? views = null, long? likes = null) => new() { Version = new(at, "p", 0), Views = views, Likes = likes };
}
