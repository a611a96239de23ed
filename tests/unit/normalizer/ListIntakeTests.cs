using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Normalizer.ListPages;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Pages of lists from the event to the files and back.</summary>
public sealed class ListIntakeTests : IDisposable
{
    private const string Canary = "kanariefugl_4711";
    private static readonly DocumentType[] Types = Enum.GetValues<DocumentType>();
    private readonly NormalizerFolder folder = new();

    [Fact]
    public async Task A_comment_that_two_lists_hold_is_one_record_of_both()
    {
        JsonObject Comment(int likes) => new() { ["id"] = 34, ["video_id"] = 12, ["parent_comment_id"] = 12, ["text"] = "hej", ["like_count"] = likes, ["create_time"] = 1_768_032_000 };
        JsonObject Data(int likes) => new() { ["comments"] = new JsonArray(Comment(likes)), ["cursor"] = 1, ["has_more"] = false };
        var first = await folder.TakeAsync(List("p", ApiEndpoint.Comments, "12", Data(1)));
        var second = await folder.TakeAsync(List("q", ApiEndpoint.Comments, "99", Data(2)) with { FetchedAt = Videos.Fetch.AddHours(1) });

        (first.New, second.New, second.Updated, first.Videos.Count, second.Videos.Count).ShouldBe((1, 0, 1, 0, 0));
        foreach (var subject in (string[])["12", "99"])
        {
            var line = (await LinesAsync(folder.Store, Select(DocumentType.Unspecified, identified: false, ClauseOf(ApiEndpoint.Comments, subject)))).ShouldHaveSingleItem();
            ((string)line["content_type"]!, (long)line["likes_count"]!, (string?)line["raw_metadata"]!["parent_post_id"], (string?)line["raw_metadata"]!["parent_comment_id"]).ShouldBe(("comment", 2, "12", null));
        }

        var observations = await folder.Records().Using(file => file.ReadAsync(session => session.Number("SELECT COUNT(*) FROM observations WHERE platform_id = 'comment:34'"), CancellationToken.None));
        observations.ShouldBe(2);
    }

    [Fact]
    public async Task A_liked_video_merges_with_what_a_search_had_and_goes_on_the_schedule()
    {
        await folder.TakeAsync(Videos.Page("p", [Videos.Video(1, "bo", hashtags: "dkpol")]));
        var liked = new JsonObject { ["id"] = 1, ["like_count"] = 900, ["create_time"] = Videos.Upload.ToUnixTimeSeconds() };
        var told = await folder.TakeAsync(List("q", ApiEndpoint.LikedVideos, "anna", new JsonObject { ["user_liked_videos"] = new JsonArray(liked) }) with { FetchedAt = Videos.Fetch.AddHours(1) });
        (told.New, told.Updated).ShouldBe((0, 1));
        told.Videos.ShouldHaveSingleItem().PlatformId.ShouldBe("1");

        var line = (await LinesAsync(folder.Store, Select(DocumentType.Unspecified, identified: true, ClauseOf(ApiEndpoint.LikedVideos, "anna")))).ShouldHaveSingleItem();
        ((long)line["likes_count"]!, (bool)line["term_matched"]!, (string?)line["author_platform_id"]).ShouldBe((900, false, "bo"));
        ((string)line["text_content"]!).ShouldBe("Video 1 #dkpol ");
        (await LinesAsync(folder.Store, Videos.Select((Videos.Hashtag("dkpol"), "#dkpol")))).ShouldHaveSingleItem()["term_matched"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Documents_are_exported_by_type_sorted_by_key_with_every_key()
    {
        await folder.TakeAsync(Followers("p", "anna", "bo", "cilla"));
        await folder.TakeAsync(List("u", ApiEndpoint.UserInfo, "anna", new JsonObject { ["display_name"] = "Anna A", ["follower_count"] = 2 }));
        Clause[] clauses = [ClauseOf(ApiEndpoint.Followers, "anna"), ClauseOf(ApiEndpoint.UserInfo, "anna")];
        (await LinesAsync(folder.Store, Select(DocumentType.Unspecified, identified: false, clauses))).ShouldBeEmpty();

        var follows = await LinesAsync(folder.Store, Select(DocumentType.Follow, identified: false, clauses));
        follows.Select(line => (string)line["key"]!).ShouldBe(
            ((string[])["bo", "cilla"]).Select(name => $"{Videos.Pseudonyms.Of(name)}:{Videos.Pseudonyms.Of("anna")}").Order(StringComparer.Ordinal));
        follows[0].AsObject().Select(field => field.Key).ShouldBe(
            ["id", "type", "key", "collected_at", "follower", "followed", "follower_username", "followed_username", "follower_display_name", "followed_display_name", "withheld"]);

        var profile = (await LinesAsync(folder.Store, Select(DocumentType.Profile, identified: true, clauses))).ShouldHaveSingleItem();
        ((string)profile["username"]!, (string)profile["display_name"]!, (long)profile["follower_count"]!, profile["withheld"]!.AsArray().Count).ShouldBe(("anna", "Anna A", 2, 0));
        (await folder.Store.CountAsync(Videos.Lab, Select(DocumentType.Unspecified, identified: false, clauses), CancellationToken.None)).Records.ShouldBe(3);
    }

    [Fact]
    public async Task A_name_is_nowhere_but_in_the_identified_file_and_answer()
    {
        StoredPage[] pages =
        [
            List("u", ApiEndpoint.UserInfo, Canary, Json($$"""{"display_name":"{{Canary}}","bio_description":"{{Canary}}","bio_url":"https://x.example/{{Canary}}","avatar_url":"https://x.example/{{Canary}}","username":"{{Canary}}"}""")),
            Followers("f", Canary, "bo", Canary),
            List("g", ApiEndpoint.Following, "anna", Json($$"""{"user_following":[{"username":"{{Canary}}","display_name":"{{Canary}}"},{"display_name":"{{Canary}}"}]}""")),
            List("c", ApiEndpoint.Comments, "12", Json($$"""{"comments":[{"id":1,"text":"hej @{{Canary}}","display_name":"{{Canary}}"},{"text":"{{Canary}}"}]}""")),
            List("l", ApiEndpoint.LikedVideos, Canary, Json($$"""{"user_liked_videos":[{"id":2,"username":"{{Canary}}","video_description":"@{{Canary}}"}]}""")),
            List("y", ApiEndpoint.Playlist, "9", Json($$"""{"playlist_id":9,"playlist_name":"af @{{Canary}}","playlist_video_ids":[1]}""")),
            List("t", ApiEndpoint.Products, "1", Json($$"""{"product_data":[{"product_id":2,"product_description":"se @{{Canary}}"}]}""")),
            List("r", ApiEndpoint.Reviews, "2", Json($$"""{"review_data":[{"review_text":"tak @{{Canary}}","display_name":"{{Canary}}"}]}""")),
        ];
        foreach (var page in pages)
        {
            await folder.TakeAsync(page);
        }

        Clause[] clauses = [.. pages.SelectMany(page => page.Clauses)];
        (await EverythingAsync(folder.Store, identified: false, clauses)).ShouldNotContain(Canary);
        var selection = Select(DocumentType.Unspecified, identified: false, clauses);
        var changes = await folder.Store.ListChangesAsync(Videos.Lab, selection, 0, CancellationToken.None);
        var answer = folder.Presenter.Begin(Videos.Lab, selection);
        string.Concat(changes.Changes.Select(change => change.Stored.Type.IsRecord() ? RecordMessages.Of(answer.Of(change)).ToString() : RecordMessages.Of(answer.DocumentOf(change)).ToString()))
            .ShouldNotContain(Canary);
        changes.Changes.Select(change => change.Stored.Type).Distinct().Count().ShouldBe(7);
        string.Concat(changes.Changes.Select(change => change.ToString())).ShouldNotContain(Canary);
        string.Join('\n', folder.LogLines).ShouldNotContain(Canary);
        (await folder.Store.ListQuarantinedAsync(Videos.Lab, null, 10, CancellationToken.None)).Count.ShouldBe(2);
        Found("normalizer.db").ShouldBeFalse();
        Found("normalizer.db-wal").ShouldBeFalse();
        (Found("identified.db") || Found("identified.db-wal")).ShouldBeTrue();

        // Everything of one user is found by the user's name, in one table.
        var ofOne = await folder.Identified().Using(file => file.ReadAsync(
            session => session.Query("SELECT platform_id FROM identified WHERE username = @name OR other_username = @name ORDER BY platform_id", row => row.GetString(0)[..1], ("@name", Canary)),
            CancellationToken.None));
        ofOne.ShouldBe(["2", "f", "f", "f", "p"]);
        (await EverythingAsync(folder.Store, identified: true, clauses)).ShouldContain(Canary);
    }

    [Fact]
    public async Task Profiles_of_an_older_version_are_carried_over_before_the_first_page_and_only_with_the_right_salt()
    {
        await folder.Identified().Using(file => file.WriteAsync(
            session => session.Execute("INSERT INTO profiles VALUES (@lab, @name, @document, 5, 'u'), (@lab, 'tom', '{}', 5, 'v')", ("@lab", Videos.Lab), ("@name", Canary), ("@document", $$"""{"display_name":"{{Canary}}","follower_count":3}""")),
            CancellationToken.None));
        await folder.Store.ClaimPseudonymsAsync(Videos.Pseudonyms.Fingerprint, CancellationToken.None);
        var other = new PseudonymCheck(() => new(PseudonymScheme.Sha256, "another salt of the tests with enough bytes"), () => folder.Store, () => folder.OldProfiles, stopsStart: true);
        await Should.ThrowAsync<StartRefusedException>(other.StartingAsync(CancellationToken.None));
        (await folder.Store.ListOldProfilesAsync(CancellationToken.None)).Count.ShouldBe(2);

        await folder.TakeAsync(List("p", ApiEndpoint.UserInfo, Canary, Json("""{"follower_count":1}""")) with { FetchedAt = DateTimeOffset.UnixEpoch });

        (await folder.Store.ListOldProfilesAsync(CancellationToken.None)).ShouldBeEmpty();
        var profile = (await LinesAsync(folder.Store, Select(DocumentType.Profile, identified: true, ClauseOf(ApiEndpoint.UserInfo, Canary)))).ShouldHaveSingleItem();
        ((long)profile["follower_count"]!, (string?)profile["display_name"], (string?)profile["username"]).ShouldBe((3, Canary, Canary));
        Found("normalizer.db-wal").ShouldBeFalse();
    }

    [Fact]
    public async Task Replay_makes_documents_and_comments_of_what_has_become_readable()
    {
        await folder.TakeAsync(List("f", ApiEndpoint.Followers, "anna", Json("""{"user_followers":[{"username":"bo"},{"display_name":"uden"}]}""")));
        await folder.TakeAsync(List("u", ApiEndpoint.UserInfo, "anna", Json("{}")));
        await folder.TakeAsync(List("c", ApiEndpoint.Comments, "12", Json("""{"comments":[{"text":"uden"}]}""")));
        var replay = new QuarantineReplay(folder.Store, folder.Intake);
        (await replay.RunAsync(Videos.Lab, null, CancellationToken.None)).ShouldBe((0, 3));

        folder.Pages["f"] = Followers("f", "anna", "bo", "cilla");
        folder.Pages["u"] = List("u", ApiEndpoint.UserInfo, "anna", Json("""{"follower_count":2}"""));
        folder.Pages["c"] = List("c", ApiEndpoint.Comments, "12", Json("""{"comments":[{"id":1,"text":"med"}]}"""));
        (await replay.RunAsync(Videos.Lab, null, CancellationToken.None)).ShouldBe((3, 0));
        folder.Published.TakeLast(3).Select(page => (page.Received, page.New, page.Quarantined)).ShouldBe([(2, 2, 0), (1, 1, 0), (1, 1, 0)], ignoreOrder: true);
    }

    [Fact]
    public async Task Pages_in_any_order_any_number_of_times_make_the_same_records_and_documents()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            StoredPage[] pages = [.. Enumerable.Range(0, 14).Select(number => RandomPage(random, $"page-{number}") with { FetchedAt = Videos.Fetch.AddHours(random.Next(5)) })];
            Clause[] clauses = [.. pages.SelectMany(page => page.Clauses).DistinctBy(clause => clause.ClauseId, StringComparer.Ordinal)];
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

            (await EverythingAsync(shuffled.Store, identified: true, clauses)).ShouldBe(await EverythingAsync(straight.Store, identified: true, clauses), $"seed {seed}");
        }
    }

    [Fact]
    public async Task Subjects_are_videos_with_comments_or_authors_each_once()
    {
        JsonObject[] videos = [Videos.Video(1, "anna", hashtags: "dkpol"), Videos.Video(2, "bo", hashtags: "dkpol"), Videos.Video(3, "anna", hashtags: "dkpol"), Videos.Video(4, "bo", hashtags: "andet")];
        videos[1]["comment_count"] = 0;
        videos[2].Remove("comment_count");
        await folder.TakeAsync(Videos.Page("p", videos, Videos.Hashtag("dkpol"), Videos.Hashtag("ft22")));
        await folder.TakeAsync(Videos.Page("q", [videos[0].DeepClone()], Videos.Hashtag("ft22")));
        await folder.TakeAsync(List("c", ApiEndpoint.Comments, "1", Json("""{"comments":[{"id":7,"display_name":"Navn","create_time":1768032000}]}""")));
        var selection = Select(
            DocumentType.Unspecified, identified: false, Videos.Hashtag("dkpol"), Videos.Hashtag("ft22"), ClauseOf(ApiEndpoint.Comments, "1"));

        (await SubjectsAsync(ApiEndpoint.Comments, selection)).ShouldBe([("1", 30L), ("3", 0L), ("4", 30L)], ignoreOrder: true);
        (await SubjectsAsync(ApiEndpoint.UserInfo, selection)).ShouldBe([("anna", 1L), ("bo", 1L)], ignoreOrder: true);
        Should.Throw<MeshException>(() => new RecordSubjects(ApiEndpoint.Followers)).Reason.ShouldBe(ErrorReason.BadInput);
    }

    [Theory]
    [InlineData("recorded/api_comments_response.json", ApiEndpoint.Comments, "7385291384628315438", 6)]
    [InlineData("docs/comments_by_video_id_response.json", ApiEndpoint.Comments, "1234563451201523412", 1)]
    [InlineData("docs/comments_by_comment_id_response.json", ApiEndpoint.Replies, "1234567876543", 1)]
    [InlineData("docs/user_info_response.json", ApiEndpoint.UserInfo, "joe", 1)]
    [InlineData("docs/getting_started_user_info_response.json", ApiEndpoint.UserInfo, "joe", 1)]
    [InlineData("docs/user_followers_response.json", ApiEndpoint.Followers, "joe", 2)]
    [InlineData("docs/user_following_response.json", ApiEndpoint.Following, "joe", 3)]
    [InlineData("docs/user_liked_videos_response.json", ApiEndpoint.LikedVideos, "joe", 1)]
    [InlineData("docs/user_pinned_videos_response.json", ApiEndpoint.PinnedVideos, "joe", 3)]
    [InlineData("docs/user_reposted_videos_response.json", ApiEndpoint.RepostedVideos, "joe", 2)]
    [InlineData("docs/playlist_info_response.json", ApiEndpoint.Playlist, "12345678910", 1)]
    [InlineData("docs/shop_info_response.json", ApiEndpoint.Shop, "Test Name", 1)]
    [InlineData("docs/shop_products_response.json", ApiEndpoint.Products, "123456789", 1)]
    [InlineData("docs/shop_reviews_response.json", ApiEndpoint.Reviews, "123456789", 1)]
    public async Task A_documented_or_recorded_answer_becomes_lines(string file, ApiEndpoint endpoint, string subject, int lines)
    {
        var told = await folder.TakeAsync(List("p", endpoint, subject, Recordings.Read(file)));
        (told.New, told.Quarantined).ShouldBe((lines, 0));
        var exported = await EverythingAsync(folder.Store, identified: true, [ClauseOf(endpoint, subject)]);
        exported.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(lines);
    }

    [Fact]
    public async Task Every_recorded_profile_becomes_a_document()
    {
        var profiles = JsonNode.Parse(Recordings.Read("recorded/hashtag_US_20240303-20240304_page1_user_info.json"))!;
        JsonObject[] users = [.. (profiles is JsonArray list ? list.Select(user => user!.AsObject()) : profiles.AsObject().Select(user => user.Value!.AsObject()))];
        users.Length.ShouldBe(63);
        Clause[] clauses = [.. Enumerable.Range(0, users.Length).Select(number => ClauseOf(ApiEndpoint.UserInfo, $"user{number}"))];
        for (var number = 0; number < users.Length; number++)
        {
            var data = users[number]["data"] ?? users[number];
            (await folder.TakeAsync(List($"p{number}", ApiEndpoint.UserInfo, $"user{number}", data.DeepClone()))).New.ShouldBe(1);
        }

        var lines = await LinesAsync(folder.Store, Select(DocumentType.Profile, identified: true, clauses));
        lines.Length.ShouldBe(users.Length);
        lines.ShouldAllBe(line => line["follower_count"] != null && line["display_name"] != null && line["withheld"]!.AsArray().Count == 0);
    }

    public void Dispose() => folder.Dispose();

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;

    private static StoredPage Followers(string pageId, string of, params string[] names) =>
        List(pageId, ApiEndpoint.Followers, of, new JsonObject { ["user_followers"] = new JsonArray([.. names.Select(name => new JsonObject { ["username"] = name, ["display_name"] = $"Navn {name}" })]) });

    private static StoredPage RandomPage(Random random, string pageId) => random.Next(6) switch
    {
        0 => Followers(pageId, $"n{random.Next(2)}", $"n{random.Next(3)}", $"n{random.Next(3)}"),
        1 => List(pageId, ApiEndpoint.Following, $"n{random.Next(2)}", Json($$"""{"user_following":[{"username":"n{{random.Next(3)}}","display_name":"N {{random.Next(9)}}"}]}""")),
        2 => List(pageId, ApiEndpoint.UserInfo, $"n{random.Next(2)}", Json(random.Next(2) == 0 ? $$"""{"follower_count":{{random.Next(9)}}}""" : $$"""{"display_name":"N {{random.Next(9)}}","is_verified":true}""")),
        3 => List(pageId, ApiEndpoint.Playlist, "9", Json($$"""{"playlist_id":9,"playlist_name":"P {{random.Next(9)}}","playlist_video_ids":[{{random.Next(9)}},{{random.Next(9)}}]}""")),
        4 => List(pageId, random.Next(2) == 0 ? ApiEndpoint.Comments : ApiEndpoint.Replies, "12", Json($$"""{"comments":[{"id":{{random.Next(1, 4)}},"text":"T {{random.Next(9)}}","like_count":{{random.Next(9)}}},{"id":5,"reply_count":1,"display_name":"N {{random.Next(9)}}"}]}""")),
        _ => List(pageId, ApiEndpoint.Reviews, "2", Json($$"""{"review_data":[{"review_text":"T {{random.Next(3)}}","review_like_count":{{random.Next(9)}},"create_time":1722879716021}]}""")),
    };

    /// <summary>Records and documents of every type.</summary>
    private static async Task<string> EverythingAsync(IRecordStore store, bool identified, Clause[] clauses)
    {
        var text = new StringBuilder();
        foreach (var type in Types)
        {
            text.Append(await Videos.EverythingAsync(store, Select(type, identified, clauses)));
        }

        return text.ToString();
    }

    private async Task<List<(string, long)>> SubjectsAsync(ApiEndpoint endpoint, RecordSelection selection)
    {
        var subjects = new RecordSubjects(endpoint);
        List<(string, long)> told = [];
        await foreach (var batch in folder.Store.ListSortedAsync(Videos.Lab, [subjects.Narrow(selection)], CancellationToken.None))
        {
            told.AddRange(subjects.Of(batch));
        }

        return told;
    }

    private bool Found(string file) =>
        File.Exists(Path.Combine(folder.Path, file)) && SaltSourceTests.Bytes(Path.Combine(folder.Path, file)).IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0;
}
