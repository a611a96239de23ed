using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Normalizer.Videos;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>From the event to the files and back.</summary>
public sealed class PageIntakeTests : IDisposable
{
    private const string Canary = "kanariefugl_4711";
    private readonly NormalizerFolder folder = new();

    [Fact]
    public async Task The_same_page_again_changes_nothing_and_says_the_same()
    {
        var bad = new JsonObject { ["create_time"] = 1 };
        var page = Page("p", [Video(1, hashtags: "dkpol"), Video(2, hashtags: "andet"), bad, Video(1, hashtags: "dkpol")], Hashtag("dkpol"), Hashtag("ft22"));

        var first = await folder.TakeAsync(page);
        var everything = await EverythingAsync();
        var again = await folder.TakeAsync(page);

        (first.Received, first.New, first.Updated, first.Unattributed, first.Quarantined).ShouldBe((4, 2, 1, 1, 1));
        first.Videos.Select(video => (video.PlatformId, video.PublishedAt, video.ReadAt)).ShouldBe([("1", Upload, Fetch), ("2", Upload, Fetch)]);
        first.Matches.ShouldNotBeNull().Select(match => (match.ClauseId, match.Videos)).ShouldBe([(Hashtag("dkpol").ClauseId, 1)]);
        again.Matches.ShouldBe(first.Matches);
        (again.Received, again.New, again.Updated, again.Unattributed, again.Quarantined).ShouldBe((4, 2, 1, 1, 1));
        again.Videos.Select(video => video.PlatformId).ShouldBe(["1", "2"]);
        (await EverythingAsync()).ShouldBe(everything);
        folder.Records().Using(file => Number(file, "SELECT last FROM sequences")).ShouldBe(3);
    }

    [Fact]
    public async Task A_refresh_changes_known_videos_and_makes_none()
    {
        await folder.TakeAsync(Page("p", [Video(1, hashtags: "dkpol")]));
        var read = Video(1);
        read["view_count"] = 99_999;
        read["video_description"] = "ny tekst";
        var told = await folder.TakeAsync(Page("r", [read, Video(2, Canary)]) with { Clauses = [], Refresh = true, FetchedAt = Fetch.AddDays(12) });

        (told.Received, told.New, told.Updated).ShouldBe((2, 0, 1));
        told.Videos.ShouldHaveSingleItem().ReadAt.ShouldBe(Fetch.AddDays(12));
        var record = JsonNode.Parse(await EverythingAsync())!;
        ((long)record["views_count"]!).ShouldBe(99_999);
        ((string)record["text_content"]!).ShouldBe("Video 1 #dkpol ");
        ((string)record["raw_metadata"]!["engagement_refreshed_at"]!).ShouldBe("2026-04-13T12:00:00Z");
        ((bool)record["raw_metadata"]!["engagement_final"]!).ShouldBeTrue();
        ((string)record["collected_at"]!).ShouldBe("2026-04-01T12:00:00Z");
        folder.Records().Using(file => Number(file, "SELECT COUNT(*) FROM observations")).ShouldBe(2);
        folder.Identified().Using(file => Number(file, "SELECT COUNT(*) FROM identified")).ShouldBe(1);
    }

    [Fact]
    public async Task The_names_of_a_profile_go_to_the_identified_file_only()
    {
        var told = await folder.TakeAsync(ListPages.List("u", ApiEndpoint.UserInfo, Canary, new JsonObject { ["display_name"] = Canary, ["follower_count"] = 3 }));
        (told.Received, told.New, told.Updated, told.Quarantined, told.Videos.Count).ShouldBe((1, 1, 0, 0, 0));
        folder.Identified().Using(file => Number(file, "SELECT COUNT(*) FROM identified WHERE username = 'kanariefugl_4711'")).ShouldBe(1);
        Found("normalizer.db").ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_damaged_on_the_way_is_fetched_again()
    {
        var good = Page("p", [Video(1)]);
        var pages = new DamagedOnce(good);
        await new PageIntake(new PseudonymCheck(() => Pseudonyms, () => folder.Store, () => folder.OldProfiles, stopsStart: true), pages, Reader, folder.Store, folder, folder.Clock, folder).KeepAsync(Lab, "p", CancellationToken.None);
        folder.Published.ShouldHaveSingleItem().New.ShouldBe(1);
    }

    [Fact]
    public async Task A_page_that_is_gone_is_told_to_nobody()
    {
        await folder.Intake.KeepAsync(Lab, "nowhere", CancellationToken.None);
        folder.Published.ShouldBeEmpty();
        folder.LogLines.ShouldHaveSingleItem().ShouldContain("nowhere");
    }

    [Fact]
    public async Task A_crash_between_the_two_files_heals_when_the_page_comes_again()
    {
        var page = Page("p", [Video(1, "anna", hashtags: "dkpol"), Video(2, "bo", hashtags: "dkpol")]);
        await folder.Records().Using(file => file.WriteAsync(session => session.Execute("CREATE TRIGGER crash BEFORE INSERT ON observations WHEN NEW.platform_id = '2' BEGIN SELECT RAISE(ABORT, 'crash'); END"), CancellationToken.None));

        await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(folder.TakeAsync(page));

        folder.Published.ShouldBeEmpty();
        folder.Identified().Using(file => Number(file, "SELECT COUNT(*) FROM identified")).ShouldBe(2);
        folder.Records().Using(file => Number(file, "SELECT (SELECT COUNT(*) FROM content_records) + (SELECT COUNT(*) FROM changes) + (SELECT COUNT(*) FROM matches)")).ShouldBe(0);
        folder.Restart();
        await folder.Records().Using(file => file.WriteAsync(session => session.Execute("DROP TRIGGER crash"), CancellationToken.None));
        var told = await folder.TakeAsync(page);
        told.New.ShouldBe(2);
        using var whole = new NormalizerFolder();
        await whole.TakeAsync(page);
        (await EverythingAsync()).ShouldBe(await Videos.EverythingAsync(whole.Store, Identified));
    }

    [Fact]
    public async Task A_user_name_is_nowhere_but_in_the_identified_file_and_answer()
    {
        var mentioning = Video(2, hashtags: "dkpol");
        mentioning["video_description"] = $"hej @{Canary}, duet@{Canary}. #dkpol";
        mentioning["voice_to_text"] = $"@{Canary}";
        var nameless = Video(0, Canary);
        nameless.Remove("id");
        await folder.TakeAsync(Page("p", [Video(1, Canary, hashtags: "dkpol"), mentioning, nameless]));
        await folder.TakeAsync(Page("q", [Video(1, Canary)], Hashtag("a"), Hashtag("b")));

        var selection = Select((Hashtag("dkpol"), "#dkpol"));
        (await Videos.EverythingAsync(folder.Store, selection)).ShouldNotContain(Canary);
        var changes = await folder.Store.ListChangesAsync(Lab, selection, 0, CancellationToken.None);
        changes.Changes.Count.ShouldBe(2);
        var answer = folder.Presenter.Begin(Lab, selection);
        changes.Changes.Select(change => RecordMessages.Of(answer.Of(change)).ToString()).ShouldAllBe(text => !text.Contains(Canary));
        string.Join('\n', folder.LogLines).ShouldNotContain(Canary);
        (await folder.Store.ListQuarantinedAsync(Lab, null, 10, CancellationToken.None)).ShouldHaveSingleItem().ToString().ShouldNotContain(Canary);
        Found("normalizer.db").ShouldBeFalse();
        Found("normalizer.db-wal").ShouldBeFalse();
        (Found("identified.db") || Found("identified.db-wal")).ShouldBeTrue();
        (await Videos.EverythingAsync(folder.Store, Identified)).ShouldContain($"https://www.tiktok.com/@{Canary}/video/1");
    }

    [Fact]
    public async Task Replay_makes_records_of_what_has_become_readable()
    {
        var nameless = Video(2);
        nameless.Remove("id");
        await folder.TakeAsync(Page("p", [Video(1), nameless, JsonValue.Create(3)]));
        await folder.TakeAsync(Page("broken", """{"data":{"videos":7},"error":{"code":"ok"}}""", "ok"));
        await folder.TakeAsync(Page("lost", """{"data":{"videos":7},"error":{"code":"ok"}}""", "ok"));
        var replay = new QuarantineReplay(folder.Store, folder.Intake);
        (await replay.RunAsync(Lab, null, CancellationToken.None)).ShouldBe((0, 4));

        folder.Pages["p"] = Page("p", [Video(1), Video(2), JsonValue.Create(3)]);
        folder.Pages["broken"] = Page("broken", [Video(4), Video(5), JsonValue.Create(3)]);
        folder.Pages.Remove("lost");
        (await replay.RunAsync(Lab, null, CancellationToken.None)).ShouldBe((3, 3));

        var told = folder.Published.Last(page => page.PageId == "p");
        (told.Received, told.New, told.Quarantined, told.Videos.Count).ShouldBe((3, 2, 1, 2));
        told = folder.Published.Last(page => page.PageId == "broken");
        (told.Received, told.New, told.Quarantined, told.Videos.Count).ShouldBe((3, 2, 1, 2));
        (await folder.Store.ListQuarantinedAsync(Lab, null, 10, CancellationToken.None)).Select(item => (item.PageId, item.Position)).OrderBy(item => item.PageId, StringComparer.Ordinal)
            .ShouldBe([("broken", 2), ("lost", -1), ("p", 2)]);
        await folder.TakeAsync(folder.Pages["p"]);
        folder.Published[^1].New.ShouldBe(2);
    }

    [Fact]
    public async Task Replay_of_one_item_leaves_the_others()
    {
        await folder.TakeAsync(Page("p", [JsonValue.Create(1), JsonValue.Create(2)]));
        folder.Pages["p"] = Page("p", [Video(1), Video(2)]);
        var items = await folder.Store.ListQuarantinedAsync(Lab, null, 10, CancellationToken.None);
        var replay = new QuarantineReplay(folder.Store, folder.Intake);
        (await replay.RunAsync(Lab, items[0].ItemId, CancellationToken.None)).ShouldBe((1, 0));
        (await folder.Store.ListQuarantinedAsync(Lab, null, 10, CancellationToken.None)).ShouldHaveSingleItem().ItemId.ShouldBe(items[1].ItemId);
        (await Should.ThrowAsync<MeshException>(replay.RunAsync(Lab, "unknown", CancellationToken.None))).Reason.ShouldBe(ErrorReason.NotFound);
        (await Should.ThrowAsync<MeshException>(replay.RunAsync("other", items[1].ItemId, CancellationToken.None))).Reason.ShouldBe(ErrorReason.NotFound);
    }

    [Fact]
    public async Task Pages_in_any_order_any_number_of_times_make_the_same_records()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            StoredPage[] pages =
            [
                .. Enumerable.Range(0, 8).Select(number => Page($"page-{number}", [.. Enumerable.Range(0, 5).Select(_ => RandomVideo(random))], random.Next(2) == 0 ? [Hashtag("dkpol")] : [Hashtag("dkpol"), Hashtag("ft22")])
                    with { FetchedAt = Fetch.AddHours(random.Next(4)), TikTokSearchId = $"{random.Next(3)}" }),
            ];
            using var straight = new NormalizerFolder();
            using var shuffled = new NormalizerFolder();
            foreach (var page in pages)
            {
                await straight.TakeAsync(page);
            }

            StoredPage[] deliveries = [.. pages, .. pages.Where(_ => random.Next(2) == 0)];
            random.Shuffle(deliveries);
            foreach (var page in deliveries)
            {
                await shuffled.TakeAsync(page);
            }

            (await Videos.EverythingAsync(shuffled.Store, Identified)).ShouldBe(await Videos.EverythingAsync(straight.Store, Identified), $"seed {seed}");
        }
    }

    [Fact]
    public async Task Chunks_are_whole_lines_of_at_most_256_KiB()
    {
        JsonObject[] videos = [.. Enumerable.Range(1, 700).Select(id => Video(id))];
        videos[300]["voice_to_text"] = new string('æ', 200_000);
        await folder.TakeAsync(Page("p", videos));
        var selection = Select((Hashtag("dkpol"), "#dkpol"));
        var records = 0;
        List<int> sizes = [];
        await foreach (var (lines, count) in ExportChunks.Of(folder.Store.ListSortedAsync(Lab, [selection], CancellationToken.None), folder.Presenter.Begin(Lab, selection), CancellationToken.None))
        {
            lines.Span[^1].ShouldBe((byte)'\n');
            lines.Span.Count((byte)'\n').ShouldBe(count);
            records += count;
            sizes.Add(lines.Length);
        }

        records.ShouldBe(700);
        sizes.Count(size => size > ExportChunks.LargestChunk).ShouldBe(1);
    }

    public void Dispose() => folder.Dispose();

    private static RecordSelection Identified { get; } = Select((Hashtag("dkpol"), "#dkpol"), (Hashtag("ft22"), "#FT22")) with { Identified = true };

    private static JsonObject RandomVideo(Random random)
    {
        var video = Video(random.Next(1, 7), $"name{random.Next(3)}", hashtags: random.Next(3) switch { 0 => "dkpol", 1 => "ft22", _ => "andet" });
        video["view_count"] = random.Next(1000);
        foreach (var field in (string[])["video_description", "hashtag_names", "username", "region_code", "like_count", "create_time"])
        {
            if (random.Next(5) == 0)
            {
                video.Remove(field);
            }
        }

        return video;
    }

    private Task<string> EverythingAsync() => Videos.EverythingAsync(folder.Store, Identified);

    private bool Found(string file) =>
        File.Exists(Path.Combine(folder.Path, file)) && SaltSourceTests.Bytes(Path.Combine(folder.Path, file)).IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0;

    private static long Number(SqliteFile file, string sql) => file.ReadAsync(session => session.Number(sql), CancellationToken.None).GetAwaiter().GetResult();

    private sealed class DamagedOnce(StoredPage good) : IPages
    {
        private int fetches;

        public Task<StoredPage?> FindAsync(string labId, string pageId, CancellationToken cancellationToken) =>
            Task.FromResult<StoredPage?>(fetches++ == 0 ? good with { Body = good.Body[..^1] } : good);
    }
}
