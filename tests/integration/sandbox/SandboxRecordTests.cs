using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §5.3, §5.4 and §5.10: what a record looks like and when it is there.</summary>
public sealed class SandboxRecordTests
{
    private const string EveryField =
        AllFields + ",is_stem_verified,favorites_count,video_duration,hashtag_info_list,sticker_info_list,effect_info_list,video_mention_list,video_label,video_tag";

    [Fact]
    public async Task Only_requested_fields_are_returned()
    {
        await using var sandbox = await WithVideosAsync(1);
        var reply = await sandbox.VideosAsync(Dkpol(), "view_count,id");
        reply.Videos[0].EnumerateObject().Select(member => member.Name).ShouldBe(["id", "view_count"], ignoreOrder: true);
    }

    [Fact]
    public async Task Keys_come_in_another_order_in_each_object()
    {
        await using var sandbox = await WithVideosAsync(20);
        var orders = (await sandbox.VideosAsync(Dkpol())).Videos.Select(video => string.Join(',', video.EnumerateObject().Select(member => member.Name)));
        orders.Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(15);
        var envelopes = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 12; i++)
        {
            envelopes.Add((await sandbox.VideosAsync(Dkpol())).Text[..8]);
        }

        envelopes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Fields_without_a_value_are_absent_and_zeros_are_not()
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.World.Add(Video(1) with { Counts = new(0, 0, 0, 0, 0), HashtagNames = [] });
        var video = (await sandbox.VideosAsync(Body(Query(Condition("keyword", "EQ", "dkpol"))))).Videos[0];
        foreach (var absent in (string[])["effect_ids", "playlist_id", "voice_to_text"])
        {
            video.TryGetProperty(absent, out _).ShouldBeFalse(absent);
        }

        foreach (var zero in (string[])["view_count", "like_count", "comment_count", "share_count"])
        {
            video.GetProperty(zero).GetInt64().ShouldBe(0);
        }

        video.GetProperty("hashtag_names").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Ids_are_bare_numbers_of_nineteen_digits()
    {
        await using var sandbox = await WithVideosAsync(1);
        var id = (await sandbox.VideosAsync(Dkpol())).Videos[0].GetProperty("id");
        id.ValueKind.ShouldBe(JsonValueKind.Number);
        id.GetRawText().Length.ShouldBe(19);
    }

    [Fact]
    public async Task Counts_beyond_32_bits_and_beyond_doubles_are_printed_in_full()
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.World.Add(Video(1) with { Counts = new((1L << 53) + 1, 1L << 40, 1, 1, 1) });
        var video = (await sandbox.VideosAsync(Dkpol())).Videos[0];
        video.GetProperty("view_count").GetRawText().ShouldBe("9007199254740993");
        video.GetProperty("like_count").GetRawText().ShouldBe("1099511627776");
    }

    [Fact]
    public async Task All_23_documented_fields_can_be_asked_for()
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.World.Add(Video(1) with
        {
            EffectIds = ["5"], PlaylistId = 7, VoiceToText = "hej", Mentions = ["vibe_dk"], Stickers = ["nu"], Label = "valg", IsStemVerified = true, DurationSeconds = 12,
        });
        var video = (await sandbox.VideosAsync(Dkpol(), EveryField)).Videos[0];
        EveryField.Split(',').Length.ShouldBe(23);
        EveryField.Split(',').Where(field => !video.TryGetProperty(field, out _)).ShouldBe(["video_tag"]);
        video.GetProperty("hashtag_info_list")[0].GetProperty("hashtag_name").GetString().ShouldBe("dkpol");
        video.GetProperty("sticker_info_list")[0].GetProperty("sticker_name").GetString().ShouldBe("nu");
        video.GetProperty("effect_info_list")[0].GetProperty("effect_id").GetString().ShouldBe("5");
        video.GetProperty("video_mention_list")[0].GetString().ShouldBe("vibe_dk");
        video.GetProperty("video_duration").GetInt64().ShouldBe(12);
        video.GetProperty("is_stem_verified").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_username_may_end_with_nul_and_is_found_without()
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.World.Add(Video(1) with { Username = "vibe_dk\0" });
        var reply = await sandbox.VideosAsync(Body(Query(Condition("username", "EQ", "vibe_dk"))));
        reply.Videos[0].GetProperty("username").GetString().ShouldBe("vibe_dk\0");
        reply.Text.ShouldContain("vibe_dk\\u0000");
    }

    [Fact]
    public async Task A_video_is_not_found_before_the_index_knows_it()
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.World.Add(Video(1) with { IndexedAt = Now.AddHours(1) });
        (await sandbox.VideosAsync(Dkpol())).Ids.ShouldBeEmpty();
        sandbox.Server.Clock.Advance(TimeSpan.FromHours(1));
        (await sandbox.VideosAsync(Dkpol())).Ids.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Generated_videos_are_all_found_after_48_hours_and_not_all_before()
    {
        await using var sandbox = await StartAsync();
        var today = DateOnly.FromDateTime(Now.UtcDateTime);
        var query = SandboxQuery.Parse(Query(Condition("create_date", "LTE", "20991231")));
        var yesterday = sandbox.Server.World.Index(query, today.AddDays(-1), today.AddDays(-1), Now).Count;
        yesterday.ShouldBeLessThan(sandbox.Server.World.VideosOf(today.AddDays(-1)).Count);
        sandbox.Server.World.Index(query, today.AddDays(-3), today.AddDays(-3), Now).Count.ShouldBe(sandbox.Server.World.VideosOf(today.AddDays(-3)).Count);
        sandbox.Server.World.Index(query, today.AddDays(1), today.AddDays(1), Now).ShouldBeEmpty();
    }

    [Fact]
    public async Task Counts_grow_until_day_ten_stand_then_and_comments_may_fall()
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.World.Add(Video(1, Now.AddHours(-6)) with { GrowsUntilDayTen = true, CommentLoss = 0.5, Counts = new(100_000, 5_000, 1_000, 10, 10) });
        var seen = new List<(long Views, long Comments)>();
        foreach (var wait in (double[])[0, 2, 8, 0.5, 100])
        {
            sandbox.Server.Clock.Advance(TimeSpan.FromDays(wait));
            await sandbox.RenewTokenAsync();
            var video = (await sandbox.VideosAsync(Body(Query(Condition("hashtag_name", "EQ", "dkpol")), "20260601", "20260630"))).Videos[0];
            seen.Add((video.GetProperty("view_count").GetInt64(), video.GetProperty("comment_count").GetInt64()));
        }

        seen[0].Views.ShouldBeLessThan(seen[1].Views);
        seen[1].Views.ShouldBeLessThan(seen[2].Views);
        seen[2].ShouldBe((100_000, 1_000));
        seen[3].ShouldBe((100_000, 1_000));
        seen[4].ShouldBe((100_000, 500));
    }

    [Fact]
    public async Task A_deleted_video_is_missing_from_an_id_query_without_an_error()
    {
        await using var sandbox = await WithVideosAsync(2);
        sandbox.Server.World.Add(Video(0) with { GoneAt = Now });
        var ids = Query(Condition("video_id", "IN", [.. new[] { 0, 1 }.Select(number => Video(number).Id.ToString(System.Globalization.CultureInfo.InvariantCulture))]));
        var reply = await sandbox.VideosAsync(Body(ids));
        (reply.Status, reply.Cursor).ShouldBe((200, 2));
        reply.Ids.ShouldBe([Video(1).Id]);
    }
}
