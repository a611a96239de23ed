using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>What TikTok should hear of, and what a lab noted of its reports.</summary>
public abstract partial class CollectorStoreContract
{
    private static readonly Step.Finished GivenUp = new(Covered: null, Missing: null, []) { IsLost = true };

    [Fact]
    public async Task An_answer_that_TikTok_should_hear_of_is_listed_with_what_was_asked_for_and_no_other_is()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await PageAsync((await OpenAsync()).Single(), Ok(more: true));
        await PageAsync((await OpenAsync()).Single(), Refused("token"));
        for (var i = 0; i < 5; i++)
        {
            await PageAsync((await OpenAsync()).Single(), Trouble() with { LogId = $"try {i}" });
        }

        var incidents = await Store.ListIncidentsAsync(Lab, DateTimeOffset.MinValue, None);

        incidents.ShouldBe(
        [
            new(Now, IncidentKind.TokenRefusedEarly, ApiEndpoint.VideoQuery, ClauseClass.Hashtag, January, "access_token_invalid", "token"),
            new(Now, IncidentKind.SearchLost, ApiEndpoint.VideoQuery, ClauseClass.Hashtag, January, "internal_error", "try 4"),
        ]);
    }

    [Fact]
    public async Task A_list_and_a_refresh_have_no_class_and_a_list_has_no_days()
    {
        await SubmitAsync(Collection("c1"), [], ListKey.Of(ApiEndpoint.Comments, "7"));
        await Store.SubmitRefreshAsync(Refresh("r1"), None);
        foreach (var open in (await OpenAsync()).OrderBy(open => open.Search.Kind))
        {
            await PageAsync(open, Refused($"{open.Search.Kind}"));
        }

        (await Store.ListIncidentsAsync(Lab, DateTimeOffset.MinValue, None)).Select(each => (each.LogId, each.Endpoint, each.Class, each.Days)).ShouldBe(
        [
            ("List", ApiEndpoint.Comments, ClauseClass.Unspecified, null),
            ("Refresh", ApiEndpoint.VideoQuery, ClauseClass.Unspecified, (Days?)January),
        ]);
    }

    [Fact]
    public async Task The_same_page_twice_is_one_incident_and_a_page_that_moves_nothing_has_lost_no_search()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var late = await BeginAsync((await OpenAsync()).Single());
        await Store.ForgetRequestAsync(late, None);
        await Store.KeepPageAsync(late, Page(late, Trouble(), late.Checkpoint.InFlightGrant), Trouble(), GivenUp, None);
        (await Store.ListIncidentsAsync(Lab, DateTimeOffset.MinValue, None)).ShouldBeEmpty();

        var open = await BeginAsync((await OpenAsync()).Single());
        var page = Page(open, Trouble(), open.Checkpoint.InFlightGrant);
        await Store.KeepPageAsync(open, page, Trouble(), GivenUp, None);
        await Store.KeepPageAsync(open, page, Trouble(), GivenUp, None);

        (await Store.ListIncidentsAsync(Lab, DateTimeOffset.MinValue, None)).ShouldHaveSingleItem().Kind.ShouldBe(IncidentKind.SearchLost);
        (await Store.ListPagesAsync(Lab, onlyUnanswered: false, 0, 10, None)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Incidents_come_in_order_of_time_from_a_moment_on_and_each_lab_has_its_own()
    {
        foreach (var (lab, hour) in new[] { (Lab, 2), (Lab, 0), ("other", 1), (Lab, 1) })
        {
            await SubmitAsync(Collection($"c{hour}", lab), [Asked(Word($"w{lab}{hour}"))]);
            var begun = await BeginAsync((await OpenAsync()).Single(open => open.Checkpoint == Checkpoint.Start));
            var page = Page(begun, Refused($"{lab} {hour}"), begun.Checkpoint.InFlightGrant) with { FetchedAt = Now.AddHours(hour) };
            await Store.KeepPageAsync(begun, page, Refused($"{lab} {hour}"), GivenUp with { IsLost = false }, None);
        }

        (await ListAsync(Lab, Now)).ShouldBe([$"{Lab} 0", $"{Lab} 1", $"{Lab} 2"]);
        (await ListAsync(Lab, Now.AddHours(1))).ShouldBe([$"{Lab} 1", $"{Lab} 2"]);
        (await ListAsync(Lab, Now.AddHours(3))).ShouldBeEmpty();
        (await ListAsync("other", DateTimeOffset.MinValue)).ShouldBe(["other 1"]);
        (await ListAsync("nobody", DateTimeOffset.MinValue)).ShouldBeEmpty();

        async Task<IEnumerable<string>> ListAsync(string lab, DateTimeOffset since) => (await Store.ListIncidentsAsync(lab, since, None)).Select(each => each.LogId);
    }

    [Fact]
    public async Task Notes_come_in_the_order_of_adding_each_once_and_each_lab_has_its_own()
    {
        SupportNoteRecord[] notes = [new("n2", Now, SupportNoteKind.Filed, "ticket / 1 % ø"), new("n1", Now, SupportNoteKind.Answered, new string('x', 500)), new("n3", Now.AddHours(-1), SupportNoteKind.Filed, "z")];
        (await Store.ListSupportNotesAsync(Lab, None)).ShouldBeEmpty();
        foreach (var note in notes)
        {
            (await Store.AddSupportNoteAsync(Lab, note, None)).ShouldBe(note);
        }

        (await Store.AddSupportNoteAsync(Lab, notes[0] with { At = Now.AddDays(1), Text = "another" }, None)).ShouldBe(notes[0]);
        await Store.AddSupportNoteAsync("other", notes[0] with { Text = "theirs" }, None);

        (await Store.ListSupportNotesAsync(Lab, None)).ShouldBe(notes);
        (await Store.ListSupportNotesAsync("other", None)).ShouldHaveSingleItem().Text.ShouldBe("theirs");
    }

    [Fact]
    public async Task Notes_that_are_added_at_once_are_all_kept()
    {
        var one = Store;
        var other = Beside(one);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => (i % 2 == 0 ? one : other).AddSupportNoteAsync(Lab, new($"n{i / 2}", Now, SupportNoteKind.Filed, $"{i / 2}"), None))));

        (await one.ListSupportNotesAsync(Lab, None)).Select(note => note.NoteId).ShouldBe(["n0", "n1", "n2", "n3", "n4", "n5"], ignoreOrder: true);
    }

    private static Outcome Refused(string logId) => Trouble(ApiErrorClass.AccessTokenInvalid) with { Code = "access_token_invalid", LogId = logId };
}
