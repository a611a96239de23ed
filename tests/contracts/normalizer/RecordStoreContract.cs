using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Normalizer.SamplePages;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>What every record store must do.</summary>
public abstract class RecordStoreContract : IAsyncLifetime
{
    private protected const string Video =
        """{"platform_id":"1","version":{"at":1,"page":"p","position":0},"first_read_at":1,"create_time":1768032000,"tier":"free","is_random":false,"search_ids":[],"unreadable":[]}""";

    private protected const string Profile = """{"display_name":"Anna A","follower_count":3}""";

    private IRecordStore store = null!;

    public async ValueTask InitializeAsync() => store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_page_makes_records_once()
    {
        var page = Page("p", Now, Item("1", "a"), Item("2", "a"), Item("1", "a")) with { Received = 4, BadItems = [new(3, "no id")] };
        var first = await store.KeepAsync(Lab, page, Now, CancellationToken.None);
        first.FirstTime.ShouldBeTrue();
        first.Counts.ShouldBe(new PageCounts(4, 2, 1, 0, 1));
        first.Videos.Select(video => video.PlatformId).ShouldBe(["1", "2"]);

        var again = await store.KeepAsync(Lab, page, Now.AddDays(1), CancellationToken.None);
        again.FirstTime.ShouldBeFalse();
        again.Counts.ShouldBe(first.Counts);
        again.Videos.Select(video => video.PlatformId).ShouldBe(["1", "2"]);
        (await ChangesAsync(Select("a"))).Through.ShouldBe(3);
        (await store.ListQuarantinedAsync(Lab, null, 10, CancellationToken.None)).ShouldHaveSingleItem().QuarantinedAt.ShouldBe(Now);
    }

    [Fact]
    public async Task What_was_kept_is_there_after_a_restart()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a", name: "anna")), Now, CancellationToken.None);
        await CloseAsync();
        store = await OpenAsync();
        (await store.FindAsync(Lab, "1", CancellationToken.None))!.PlatformId.ShouldBe("1");
        (await SortedAsync(Select("a") with { Identified = true })).ShouldHaveSingleItem().Names!.Username.ShouldBe("anna");
    }

    [Fact]
    public async Task A_lab_sees_nothing_of_another()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a", name: "anna")) with { BadItems = [new(9, "no id")] }, Now, CancellationToken.None);
        await store.KeepAsync("lab-b", Page("p", Now, Item("2", "a")), Now, CancellationToken.None);
        (await store.FindAsync("lab-b", "1", CancellationToken.None)).ShouldBeNull();
        (await store.ListQuarantinedAsync("lab-b", null, 10, CancellationToken.None)).ShouldBeEmpty();
        (await store.CountAsync("lab-b", Select("a"), CancellationToken.None)).Records.ShouldBe(1);
        var batch = await store.ListChangesAsync("lab-b", Select("a"), 0, CancellationToken.None);
        batch.Changes.ShouldHaveSingleItem().Sequence.ShouldBe(1);
        var item = (await store.ListQuarantinedAsync(Lab, null, 10, CancellationToken.None))[0];
        (await store.FindQuarantinedAsync("lab-b", item.ItemId, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Engagement_never_goes_back_in_time()
    {
        await store.KeepAsync(Lab, Page("new", Now, Item("1", "a", views: 50)), Now, CancellationToken.None);
        var late = await store.KeepAsync(Lab, Page("old", Now.AddDays(-3), Item("1", "a", views: 10)), Now, CancellationToken.None);
        late.Counts.Updated.ShouldBe(1);
        var video = await store.FindAsync(Lab, "1", CancellationToken.None);
        video!.Counts!.Views.ShouldBe(50);
        video.CollectedAt.ShouldBe(Now);
    }

    [Fact]
    public async Task A_refresh_makes_no_record_and_leaves_no_name()
    {
        var refresh = Page("r", Now, Item("1", null, name: "anna", views: 7)) with { Refresh = true };
        var outcome = await store.KeepAsync(Lab, refresh, Now, CancellationToken.None);
        outcome.Counts.ShouldBe(new PageCounts(1, 0, 0, 0, 0));
        outcome.Videos.ShouldBeEmpty();
        await store.KeepAsync(Lab, Page("p", Now.AddDays(-1), Item("1", "a")), Now, CancellationToken.None);
        (await SortedAsync(Select("a") with { Identified = true })).ShouldHaveSingleItem().Names.ShouldBeNull();

        await store.KeepAsync(Lab, refresh with { PageId = "r2" }, Now, CancellationToken.None);
        var video = await store.FindAsync(Lab, "1", CancellationToken.None);
        (video!.Counts!.Views, video.RefreshedAt).ShouldBe((7, Now.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task Each_record_comes_once_at_its_latest_change()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a"), Item("2", "a"), Item("3", "b")), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("q", Now.AddHours(1), Item("1", "a")), Now, CancellationToken.None);

        var all = await ChangesAsync(Select("a"));
        all.Changes.Select(change => (change.Stored.Id, change.Sequence, change.Holders[0].Membership.FirstSequence)).ShouldBe([("2", 2L, 2L), ("1", 4L, 1L)]);
        (all.Through, all.More).ShouldBe((4, false));
        (await ChangesAsync(Select("a"), after: 2)).Changes.ShouldHaveSingleItem().Stored.Id.ShouldBe("1");
        var none = await ChangesAsync(Select("a"), after: 4);
        (none.Changes.Count, none.Through).ShouldBe((0, 4));
    }

    [Fact]
    public async Task A_page_that_brings_nothing_new_is_no_change()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a")), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("older", Now.AddHours(-1), Item("1", "a")) with { Items = [Item("1", "a")("older", Now.AddHours(-1), 0) with { Stored = (await store.FindAsync(Lab, "1", CancellationToken.None))! }] }, Now, CancellationToken.None);
        (await ChangesAsync(Select("a"))).Through.ShouldBe(1);
    }

    [Fact]
    public async Task A_record_that_comes_for_another_clause_is_new_there()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a")), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("q", Now.AddHours(1), Item("1", "b")), Now, CancellationToken.None);
        (await ChangesAsync(Select("b"), after: 1)).Changes.ShouldHaveSingleItem().Holders[0].Membership.FirstSequence.ShouldBe(2);
        (await ChangesAsync(Select("a"), after: 1)).Changes.ShouldHaveSingleItem().Holders[0].Membership.FirstSequence.ShouldBe(1);
    }

    [Fact]
    public async Task A_later_attribution_wins_and_is_never_lost()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a", attributed: false)), Now, CancellationToken.None);
        (await SortedAsync(Select("a"))).ShouldHaveSingleItem().Holders[0].Membership.Unattributed.ShouldBeTrue();
        (await store.CountAsync(Lab, Select("a"), CancellationToken.None)).ByClause.ShouldBeEmpty();
        await store.KeepAsync(Lab, Page("q", Now, Item("1", "a")), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("r", Now, Item("1", "a", attributed: false)), Now, CancellationToken.None);
        (await SortedAsync(Select("a"))).ShouldHaveSingleItem().Holders[0].Membership.Terms.ShouldBe(["#a"]);
        (await store.CountAsync(Lab, Select("a"), CancellationToken.None)).ByClause["a"].ShouldBe(1);
    }

    [Fact]
    public async Task Sorted_is_by_time_and_then_by_id_and_holds_each_record_once()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("9", "a", upload: 2000), Item("10", "a", upload: 2000), Item("3", "b", upload: 1000), Item("4", "c", upload: 1)), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("q", Now, Item("9", "b", upload: 2000)), Now, CancellationToken.None);
        var sorted = await SortedAsync(Select("a"), Select("b"));
        sorted.Select(video => video.Stored.Id).ShouldBe(["3", "10", "9"]);
        sorted[2].Holders.Select(holder => holder.Membership.Terms[0]).ShouldBe(["#a", "#b"]);
        (await SortedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sorted_survives_more_records_than_a_batch_and_a_reader_who_leaves()
    {
        await store.KeepAsync(Lab, Page("p", Now, [.. Enumerable.Range(1, 2600).Select(id => Item($"{id}", "a", upload: 5000 - id))]), Now, CancellationToken.None);
        (await SortedAsync(Select("a"))).Select(video => int.Parse(video.Stored.Id, null)).ShouldBe(Enumerable.Range(1, 2600).Reverse());
        await foreach (var batch in store.ListSortedAsync(Lab, [Select("a")], CancellationToken.None))
        {
            batch.Count.ShouldBeGreaterThan(0);
            break;
        }

        (await store.CountAsync(Lab, Select("a"), CancellationToken.None)).Records.ShouldBe(2600);
        List<ViewedItem> changes = [];
        ChangeBatch next;
        var after = 0L;
        do
        {
            next = await ChangesAsync(Select("a"), after);
            changes.AddRange(next.Changes);
            after = next.Through;
        }
        while (next.More);
        changes.Select(change => change.Sequence).ShouldBe(Enumerable.Range(1, 2600).Select(sequence => (long)sequence));
    }

    [Fact]
    public async Task Which_records_are_listed_is_of_one_moment_whatever_comes_meanwhile()
    {
        await store.KeepAsync(Lab, Page("p", Now, [.. Enumerable.Range(1, 1100).Select(id => Item($"{id}", "a", upload: id))]), Now, CancellationToken.None);
        List<string> listed = [];
        await foreach (var batch in store.ListSortedAsync(Lab, [Select("a")], CancellationToken.None))
        {
            // New records before, among and behind those that are still to come, and a change of one of these.
            var page = $"q{listed.Count}";
            await store.KeepAsync(
                Lab, Page(page, Now.AddHours(1), Item("0" + page, "a", upload: 0), Item("1" + page, "a", upload: 600), Item("2" + page, "a", upload: 9000), Item("1099", "a", views: 7)), Now, CancellationToken.None);
            listed.AddRange(batch.Select(video => video.Stored.Id));
        }

        listed.ShouldBe(Enumerable.Range(1, 1100).Select(id => $"{id}"));
    }

    [Fact]
    public async Task A_record_whose_upload_time_comes_later_moves_to_its_place()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a", upload: null), Item("2", "a", upload: 2000)), Now, CancellationToken.None);
        (await SortedAsync(Select("a"))).Select(video => video.Stored.Id).ShouldBe(["2", "1"]);
        await store.KeepAsync(Lab, Page("q", Now.AddHours(1), Item("1", "b", upload: 1000, language: "sv")), Now, CancellationToken.None);
        (await SortedAsync(Select("a"))).Select(video => video.Stored.Id).ShouldBe(["1", "2"]);
        (await SortedAsync(Select("a") with { Languages = ["da"], MaxResults = 1 })).Select(video => video.Stored.Id).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Max_results_are_the_first_that_came()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("5", "a", upload: 9000), Item("4", "b"), Item("3", "a"), Item("2", "a")), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("q", Now.AddHours(1), Item("5", "a", upload: 9000)), Now, CancellationToken.None);
        var two = Select("a") with { MaxResults = 2 };
        (await SortedAsync(two)).Select(video => video.Stored.Id).ShouldBe(["5", "3"]);
        (await ChangesAsync(two)).Changes.Select(change => change.Stored.Id).ShouldBe(["3", "5"]);
        var count = await store.CountAsync(Lab, two, CancellationToken.None);
        (count.Records, count.ByClause["a"]).ShouldBe((2, 2));
        (await store.CountAsync(Lab, Select("a") with { MaxResults = 9 }, CancellationToken.None)).Records.ShouldBe(3);
    }

    [Fact]
    public async Task A_language_filter_lets_undetermined_pass()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a", language: "sv"), Item("2", "a", language: "da"), Item("3", "a")), Now, CancellationToken.None);
        var danish = Select("a") with { Languages = ["DA"] };
        (await SortedAsync(danish)).Select(video => video.Stored.Id).ShouldBe(["2", "3"]);
        (await store.CountAsync(Lab, danish, CancellationToken.None)).Records.ShouldBe(2);
        (await SortedAsync(danish with { MaxResults = 1 })).ShouldHaveSingleItem().Stored.Id.ShouldBe("2");
    }

    [Fact]
    public async Task Counting_knows_days_clauses_and_distinct_records()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a"), Item("2", "a"), Item("3", "a", day: Day.AddDays(1))), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("q", Now, Item("1", "b")), Now, CancellationToken.None);
        var count = await store.CountAsync(Lab, Select("a", "b", "c"), CancellationToken.None);
        count.Records.ShouldBe(2);
        count.ByClause.ToDictionary().ShouldBe(new Dictionary<string, long>(StringComparer.Ordinal) { ["a"] = 2, ["b"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Names_are_given_only_to_who_may_identify_and_the_latest_counts()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a", name: "anna")), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("old", Now.AddDays(-1), Item("1", "a", name: "gammel")), Now, CancellationToken.None);
        (await SortedAsync(Select("a")))[0].Names.ShouldBeNull();
        (await SortedAsync(Select("a") with { Identified = true }))[0].Names!.Username.ShouldBe("anna");
        (await ChangesAsync(Select("a") with { Identified = true })).Changes[0].Names!.Username.ShouldBe("anna");
        (await ChangesAsync(Select("a"))).Changes[0].Names.ShouldBeNull();
    }

    [Fact]
    public async Task The_quarantine_is_listed_oldest_first_in_pages()
    {
        for (var hour = 0; hour < 5; hour++)
        {
            await store.KeepAsync(Lab, Page($"p{hour}", Now) with { BadItems = [new(0, "no id"), new(1, "not an object")] }, Now.AddHours(hour), CancellationToken.None);
        }

        List<QuarantinedEntry> items = [];
        for (var batch = await store.ListQuarantinedAsync(Lab, null, 3, CancellationToken.None); batch.Count > 0; batch = await store.ListQuarantinedAsync(Lab, items[^1].Cursor, 3, CancellationToken.None))
        {
            batch.Count.ShouldBeLessThanOrEqualTo(3);
            items.AddRange(batch);
        }

        items.Select(item => item.ItemId).Distinct(StringComparer.Ordinal).Count().ShouldBe(10);
        items.Select(item => item.PageId).ShouldBe(["p0", "p0", "p1", "p1", "p2", "p2", "p3", "p3", "p4", "p4"]);
        (await store.FindQuarantinedAsync(Lab, items[4].ItemId, CancellationToken.None)).ShouldBe(items[4]);
    }

    [Fact]
    public async Task Released_items_are_records_and_the_pages_counts_follow()
    {
        await store.KeepAsync(Lab, Page("p", Now, Item("1", "a")) with { Received = 2, BadItems = [new(1, "no id")] }, Now, CancellationToken.None);
        var readable = Page("p", Now, Item("1", "a"), Item("2", "a", name: "bo"));
        var release = await store.ReleaseAsync(Lab, readable, null, Now, CancellationToken.None);
        (release.Released, release.Remaining).ShouldBe((1, 0));
        release.Outcome.Counts.ShouldBe(new PageCounts(2, 2, 0, 0, 0));
        release.Outcome.Videos.Count.ShouldBe(2);
        (await store.KeepAsync(Lab, readable, Now, CancellationToken.None)).Counts.ShouldBe(release.Outcome.Counts);
        (await store.ReleaseAsync(Lab, readable, null, Now, CancellationToken.None)).Released.ShouldBe(0);
        (await SortedAsync(Select("a") with { Identified = true }))[1].Names!.Username.ShouldBe("bo");
    }

    [Fact]
    public async Task Pages_kept_at_once_leave_no_hole_in_the_change_log()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(page => Task.Run(() => store.KeepAsync(Lab, Page($"p{page}", Now, Item($"{page}", "a"), Item("shared", "a")), Now, CancellationToken.None))));
        var changes = await ChangesAsync(Select("a"));
        changes.Changes.Count.ShouldBe(21);
        changes.Changes.Select(change => change.Sequence).ShouldBeUnique();
        changes.Changes.Max(change => change.Sequence).ShouldBe(changes.Through);
    }

    [Fact]
    public async Task A_comment_is_a_record_beside_a_video_of_the_same_id()
    {
        var told = await store.KeepAsync(Lab, Page("p", Now, Comment("1", "c", "Anna A"), Comment("3", "c")), Now, CancellationToken.None);
        told.Videos.ShouldBeEmpty();
        (await store.FindAsync(Lab, "1", CancellationToken.None))!.Type.ShouldBe(StoredType.Comment);
        await store.KeepAsync(Lab, Page("q", Now, Item("1", "a"), Item("2", "a")), Now, CancellationToken.None);
        (await store.KeepAsync(Lab, Page("r", Now.AddHours(1), Comment("1", "d")), Now, CancellationToken.None)).Counts.ShouldBe(new PageCounts(1, 0, 1, 0, 0));

        (await store.FindAsync(Lab, "1", CancellationToken.None))!.Type.ShouldBe(StoredType.Video);
        (await store.FindAsync(Lab, "3", CancellationToken.None))!.ParentPostId.ShouldBe("9");
        (await SortedAsync(Select("a", "c", "d"))).Select(item => item.Stored.Key).ShouldBe(["1", "comment:1", "2", "comment:3"]);
        var named = (await SortedAsync(Select("c") with { Identified = true }))[0].Names!;
        (named.Username, (string?)named.Fields!["display_name"]).ShouldBe((null, "Anna A"));
        (await store.CountAsync(Lab, Select("a", "c"), CancellationToken.None)).ByClause["c"].ShouldBe(2);
    }

    [Fact]
    public async Task Documents_are_listed_by_type_and_key_and_stream_and_count_with_everything_else()
    {
        await store.KeepAsync(
            Lab, Page("p", Now, Document(StoredType.Follow, "b:a", "f", name: "bo", other: "anna"), Document(StoredType.Follow, "a:b", "f"), Document(StoredType.Follow, "z:z", "g")), Now, CancellationToken.None);
        await store.KeepAsync(Lab, Page("q", Now, Document(StoredType.Profile, "a:b", "f"), Item("1", "f")), Now, CancellationToken.None);

        var follows = Select("f") with { Type = StoredType.Follow, Identified = true };
        var listed = await SortedAsync(follows);
        listed.Select(item => item.Stored.Id).ShouldBe(["a:b", "b:a"]);
        listed[0].Names.ShouldBeNull();
        (listed[1].Names!.Username, listed[1].Names!.OtherUsername, (string?)listed[1].Names!.Fields!["username"]).ShouldBe(("bo", "anna", "bo"));
        (await SortedAsync(follows with { Identified = false })).ShouldAllBe(item => item.Names == null);
        (await SortedAsync(Select("f") with { Type = StoredType.Profile })).ShouldHaveSingleItem().Stored.Key.ShouldBe("profile:a:b");
        (await SortedAsync(Select("f"))).ShouldHaveSingleItem().Stored.Key.ShouldBe("1");
        (await SortedAsync(Select("f") with { Type = StoredType.Shop })).ShouldBeEmpty();

        (await ChangesAsync(follows)).Changes.Select(change => change.Stored.Key).ShouldBe(["follow:b:a", "follow:a:b", "profile:a:b", "1"]);
        var count = await store.CountAsync(Lab, follows, CancellationToken.None);
        (count.Records, count.ByClause["f"]).ShouldBe((4, 4));
    }

    [Fact]
    public async Task Of_a_document_the_latest_reading_stays_and_its_set_grows()
    {
        await store.KeepAsync(Lab, Page("second", Now.AddMinutes(1), Document(StoredType.Playlist, "9", "l", number: 2, set: ["c", "a"])), Now, CancellationToken.None);
        (await store.KeepAsync(Lab, Page("first", Now, Document(StoredType.Playlist, "9", "l", number: 1, set: ["a", "b"])), Now, CancellationToken.None)).Counts.Updated.ShouldBe(1);
        var playlist = (StoredDocument)(await SortedAsync(Select("l") with { Type = StoredType.Playlist })).ShouldHaveSingleItem().Stored;
        ((long)playlist.Fields["number"]!).ShouldBe(2);
        playlist.Set!.Select(seen => seen.Id).ShouldBe(["a", "b", "c"]);
        playlist.CollectedAt.ShouldBe(Now.AddMinutes(1));
    }

    [Fact]
    public async Task Max_results_count_records_and_documents_apart()
    {
        await store.KeepAsync(
            Lab, Page("p", Now, Document(StoredType.Profile, "x", "a"), Item("1", "a"), Document(StoredType.Profile, "y", "a"), Comment("2", "a"), Item("3", "a")), Now, CancellationToken.None);
        var two = Select("a") with { MaxResults = 2 };
        (await SortedAsync(two)).Select(item => item.Stored.Id).ShouldBe(["1", "2"]);
        (await SortedAsync(two with { MaxResults = 1, Type = StoredType.Profile })).ShouldHaveSingleItem().Stored.Id.ShouldBe("x");
        (await store.CountAsync(Lab, two, CancellationToken.None)).Records.ShouldBe(4);
        (await store.CountAsync(Lab, two with { MaxResults = 1 }, CancellationToken.None)).ByClause["a"].ShouldBe(2);
        (await ChangesAsync(two)).Changes.Select(change => change.Stored.Id).ShouldBe(["x", "1", "y", "2"]);
    }

    [Fact]
    public async Task Released_documents_are_kept_with_their_names()
    {
        await store.KeepAsync(Lab, Page("p", Now) with { Received = 1, BadItems = [new(0, "no user name")] }, Now, CancellationToken.None);
        var release = await store.ReleaseAsync(Lab, Page("p", Now, Document(StoredType.Follow, "a:b", "f", name: "bo")), null, Now, CancellationToken.None);
        (release.Released, release.Remaining, release.Outcome.Videos.Count).ShouldBe((1, 0, 0));
        (await SortedAsync(Select("f") with { Type = StoredType.Follow, Identified = true })).ShouldHaveSingleItem().Names!.Username.ShouldBe("bo");
    }

    [Fact]
    public async Task There_are_no_old_profiles_in_a_new_store()
    {
        (await store.ListOldProfilesAsync(CancellationToken.None)).ShouldBeEmpty();
        await store.ForgetOldProfileAsync(new(Lab, "anna", "{}", 1, "p"), CancellationToken.None);
    }

    [Fact]
    public async Task What_an_older_version_kept_is_read_and_its_profiles_are_carried_over()
    {
        await CloseAsync();
        await WriteAsAnOlderVersionAsync();
        store = await OpenAsync();

        var video = (await SortedAsync(Select("a") with { Identified = true })).ShouldHaveSingleItem();
        (video.Stored.Key, video.Stored.Type, video.Names!.Username).ShouldBe(("1", StoredType.Video, "bo"));
        (await store.CountAsync(Lab, Select("a"), CancellationToken.None)).ByClause["a"].ShouldBe(1);
        (await store.KeepAsync(Lab, Page("q", Now, Item("1", "b")), Now, CancellationToken.None)).Counts.Updated.ShouldBe(1);

        var pseudonyms = new AuthorPseudonyms(PseudonymScheme.Sha256, "a salt of the tests with enough bytes");
        var reader = new PageNormalizer(pseudonyms, new UndeterminedLanguage(), new NormalizerOptions());
        (await store.ListOldProfilesAsync(CancellationToken.None)).ShouldBe([new OldProfile(Lab, "anna", Profile, 5, "u")]);
        await new OldProfiles(store, reader, TimeProvider.System).CarryOverAsync(CancellationToken.None);
        (await store.ListOldProfilesAsync(CancellationToken.None)).ShouldBeEmpty();

        // An edge of the same user comes for a clause; the profile does when it is read again, and then it has not become older.
        var again = new StoredPage
        {
            PageId = "v",
            Endpoint = ApiEndpoint.UserInfo,
            Sha256 = StoredPage.HashOf("{\"data\":{\"follower_count\":1},\"error\":{\"code\":\"ok\"}}"u8),
            Status = 200,
            FetchedAt = DateTimeOffset.FromUnixTimeMilliseconds(4),
            ErrorCode = "ok",
            Body = "{\"data\":{\"follower_count\":1},\"error\":{\"code\":\"ok\"}}"u8.ToArray(),
            Clauses = [new() { ClauseId = "u", Class = ClauseClass.List }],
            Subject = "anna",
            From = Day,
            To = Day,
        };
        (await store.KeepAsync(Lab, reader.Normalize(again), Now, CancellationToken.None)).Counts.Updated.ShouldBe(1);
        var profile = (await SortedAsync(Select("u") with { Type = StoredType.Profile, Identified = true })).ShouldHaveSingleItem();
        ((long)((StoredDocument)profile.Stored).Fields["follower_count"]!).ShouldBe(3);
        (profile.Stored.Id, profile.Names!.Username, (string?)profile.Names.Fields!["display_name"]).ShouldBe((pseudonyms.Of("anna"), "anna", "Anna A"));
    }

    [Fact]
    public async Task The_first_fingerprint_stays()
    {
        (await store.ClaimPseudonymsAsync("one", CancellationToken.None)).ShouldBeTrue();
        (await store.ClaimPseudonymsAsync("two", CancellationToken.None)).ShouldBeFalse();
        (await store.ClaimPseudonymsAsync("one", CancellationToken.None)).ShouldBeTrue();
    }

    /// <summary>Opens the store over the same data each time.</summary>
    private protected abstract Task<IRecordStore> OpenAsync();

    /// <summary>Closes it; the data stay until the test ends.</summary>
    private protected abstract Task CloseAsync();

    /// <summary>A lab's video 1 of the clause <c>a</c> by <c>bo</c> in <see cref="Video"/>, and the profile of <c>anna</c>, as they were kept before there were types.</summary>
    private protected abstract Task WriteAsAnOlderVersionAsync();

    private Task<ChangeBatch> ChangesAsync(RecordSelection selection, long after = 0) => store.ListChangesAsync(Lab, selection, after, CancellationToken.None);

    private Task<List<ViewedItem>> SortedAsync(params RecordSelection[] selections) => store.SortedAsync(selections);
}
