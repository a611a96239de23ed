using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class SupportReportsTests
{
    private static readonly DateTimeOffset Noon = Now;

    [Fact]
    public void Answers_of_one_day_kind_endpoint_and_class_are_one_group_with_first_last_and_evidence()
    {
        var group = Report([Lost(Noon.AddHours(2), "b"), Lost(Noon, "a", Days("2026-01-01", "2026-01-31")), Lost(Noon.AddHours(1), "", Days("2026-02-03", "2026-02-03"))]).Incidents.ShouldHaveSingleItem();

        (group.Kind, group.Endpoint, group.Path, group.Class, group.Day, group.Count).ShouldBe((IncidentKind.SearchLost, ApiEndpoint.VideoQuery, "/v2/research/video/query/", ClauseClass.Hashtag, "2026-04-01", 3));
        (group.FirstSeen, group.LastSeen).ShouldBe((Noon.ToTimestamp(), Noon.AddHours(2).ToTimestamp()));
        group.Days.ShouldBe(new DayRange { From = "2026-01-01", To = "2026-02-03" });
        group.LogIds.ShouldBe(["a", "b"]);
        group.Codes.ShouldBe(["invalid_params"]);
    }

    [Fact]
    public void Another_day_kind_endpoint_or_class_is_another_group_and_they_come_in_order()
    {
        Incident[] incidents =
        [
            Lost(Noon.AddDays(1), "e"), Lost(Noon, "d") with { Class = ClauseClass.Keyword }, Lost(Noon, "c"), Lost(new(2026, 3, 31, 23, 59, 59, TimeSpan.Zero), "b"),
            Refused(Noon, "a") with { Endpoint = ApiEndpoint.Followers, Class = ClauseClass.Unspecified, Days = null },
        ];

        var report = Report(incidents);

        report.Incidents.Select(group => group.LogIds.ShouldHaveSingleItem()).ShouldBe(["a", "b", "c", "d", "e"]);
        report.Incidents[0].Days.ShouldBeNull();
    }

    [Fact]
    public void Of_many_answers_the_first_twenty_log_ids_are_told_and_all_are_counted()
    {
        var group = Report([.. Enumerable.Range(0, 50).Select(i => Refused(Noon.AddSeconds(i), $"{i:00}"))]).Incidents.ShouldHaveSingleItem();

        group.Count.ShouldBe(50);
        group.LogIds.ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i:00}"));
    }

    [Fact]
    public void Only_dark_days_are_reported()
    {
        var report = SupportReports.Of([Dark(Noon, Noon), new() { Class = ClauseClass.Keyword, State = BlackoutState.Healed, FirstSeen = Noon.ToTimestamp(), LastSeen = Noon.ToTimestamp(), LastFound = Noon.ToTimestamp() }, new() { State = BlackoutState.Reported }], [], [], DateTimeOffset.MinValue, includeFiled: true, Noon);

        report.Blackouts.ShouldHaveSingleItem().Blackout.State.ShouldBe(BlackoutState.Dark);
    }

    [Fact]
    public void What_came_before_the_last_filing_is_left_out_counted_and_shown_only_on_demand()
    {
        Incident[] incidents = [Lost(Noon, "told"), Lost(Noon.AddHours(2), "new")];
        SupportNoteRecord[] notes = [Filed(Noon.AddHours(1), "ticket 1")];

        var fresh = Report(incidents, notes);
        var all = Report(incidents, notes, includeFiled: true);

        fresh.Incidents.ShouldHaveSingleItem().LogIds.ShouldBe(["new"]);
        fresh.LeftOut.ShouldBe(1);
        all.Incidents.Select(group => (group.LogIds.Single(), group.Filed)).ShouldBe([("told", true), ("new", false)]);
        all.LeftOut.ShouldBe(0);
        Report(incidents, [.. notes, Filed(Noon.AddHours(2), "ticket 2")]).ShouldSatisfyAllConditions(after => after.Incidents.ShouldBeEmpty(), after => after.LeftOut.ShouldBe(1, "both are one group now"));
    }

    [Fact]
    public void A_report_held_what_came_until_it_was_made_and_no_report_before_it_did()
    {
        Incident[] incidents = [Lost(Noon, "a"), Lost(Noon.AddHours(2), "b")];

        IsNew(Noon.AddTicks(-1)).ShouldBeFalse();
        IsNew(Noon).ShouldBeTrue();
        IsNew(Noon.AddHours(1), Filed(Noon, "one")).ShouldBeFalse();
        IsNew(Noon.AddHours(2), Filed(Noon, "one")).ShouldBeTrue();
        Report(incidents, [Filed(Noon, "one")]).Incidents.ShouldHaveSingleItem().LogIds.ShouldBe(["b"], "it was filed later than it was made");
        SupportReports.IsAnythingNew([Dark(found: Noon, seen: Noon)], [], [], Noon).ShouldBeTrue();
        SupportReports.IsAnythingNew([Dark(found: Noon, seen: Noon.AddDays(1))], [], [Filed(Noon, "one")], Noon.AddDays(1)).ShouldBeFalse();

        bool IsNew(DateTimeOffset madeAt, params SupportNoteRecord[] notes) => SupportReports.IsAnythingNew([], incidents, notes, madeAt);
    }

    [Fact]
    public void A_blackout_that_was_filed_is_no_news_while_it_lasts_and_is_again_when_it_grows()
    {
        SupportNoteRecord[] notes = [Filed(Noon.AddHours(1), "ticket")];

        Blackouts(Dark(found: Noon, seen: Noon.AddDays(9))).ShouldBeEmpty();
        Blackouts(Dark(found: Noon.AddDays(2), seen: Noon.AddDays(9))).ShouldBe([false]);

        IEnumerable<bool> Blackouts(Blackout blackout) => SupportReports.Of([blackout], [], notes, DateTimeOffset.MinValue, includeFiled: false, Noon).Blackouts.Select(each => each.Filed);
    }

    [Fact]
    public void A_range_knows_when_its_last_day_was_found_and_probes_do_not_move_that()
    {
        var known = ClassBlackouts.Nothing.With([new(Days("2026-01-01", "2026-01-01"), DayLight.Bad, "one", Noon)]).With([new(Days("2026-01-02", "2026-01-02"), DayLight.Bad, "two", Noon.AddDays(1))]);
        var probed = known.With([new(Days("2026-01-01", "2026-01-02"), DayLight.Bad, "three", Noon.AddDays(7))]);

        var range = BlackoutRanges.Of(ClauseClass.Keyword, probed).ShouldHaveSingleItem();

        (range.FirstSeen, range.LastFound, range.LastSeen).ShouldBe((Noon.ToTimestamp(), Noon.AddDays(1).ToTimestamp(), Noon.AddDays(7).ToTimestamp()));
    }

    [Fact]
    public void What_was_seen_only_before_a_time_is_no_part_of_a_report_since_then()
    {
        var report = SupportReports.Of([Dark(Noon, Noon.AddDays(-1)), Dark(Noon, Noon.AddDays(1))], [Lost(Noon.AddTicks(-1), "old"), Lost(Noon, "new")], [], since: Noon, includeFiled: true, Noon);

        report.Incidents.ShouldHaveSingleItem().LogIds.ShouldBe(["new"]);
        report.Blackouts.ShouldHaveSingleItem().Blackout.LastSeen.ShouldBe(Noon.AddDays(1).ToTimestamp());
    }

    [Fact]
    public void An_answer_belongs_to_the_report_that_was_filed_last_before_it()
    {
        SupportNoteRecord[] notes = [Filed(Noon, "one"), Answered(Noon.AddDays(1), "thanks"), Answered(Noon.AddDays(2), "mended"), Filed(Noon.AddDays(3), "two")];

        SupportReports.Filed(notes).Select(report => (report.Filed.Text, string.Join(' ', report.Answers.Select(answer => answer.Text)))).ShouldBe([("one", "thanks mended"), ("two", "")]);
        SupportReports.ReportOf(notes, "mended").Filed.Text.ShouldBe("one");
        SupportReports.ReportOf(notes, "two").Filed.Text.ShouldBe("two");
        Report([], notes).Filed.Count.ShouldBe(2);
    }

    [Fact]
    public void Every_incident_is_in_exactly_one_group_and_no_group_is_half_filed() =>
        Prop.ForAll(
            Gen.Zip(Gen.Choose(0, 200), Gen.Choose(0, 23)).ListOf().ToArbitrary(),
            Gen.Choose(-1, 200).ToArbitrary(),
            (drawn, filedAfter) =>
            {
                var incidents = drawn.Select((pair, i) => AnyOf(pair.Item2, Noon.AddHours(pair.Item1), $"{i}")).ToList();
                var filedAt = Noon.AddHours(filedAfter);
                SupportNoteRecord[] notes = filedAfter < 0 ? [] : [Filed(filedAt, "ticket")];

                var all = Report(incidents, notes, includeFiled: true);
                var fresh = Report(incidents, notes);

                all.Incidents.Sum(group => group.Count).ShouldBe(incidents.Count);
                foreach (var group in all.Incidents)
                {
                    var own = incidents.Where(each => IsOf(group, each, notes.Length > 0 && each.At <= filedAt)).ToList();
                    group.Count.ShouldBe(own.Count);
                    group.LogIds.ShouldBeSubsetOf(own.Select(each => each.LogId));
                    group.LogIds.Count.ShouldBe(Math.Min(20, own.Count));
                }

                fresh.Incidents.ShouldBe(all.Incidents.Where(group => !group.Filed));
                fresh.LeftOut.ShouldBe(all.Incidents.Count(group => group.Filed));
            }).QuickCheckThrowOnFailure();

    private static bool IsOf(IncidentGroup group, Incident each, bool isFiled) =>
        (group.Kind, group.Endpoint, group.Class, group.Day, group.Filed) == (each.Kind, each.Endpoint, each.Class, DaysOf.Text(DaysOf.DayOf(each.At)), isFiled);

    /// <summary>One of 24 ways to go wrong.</summary>
    private static Incident AnyOf(int way, DateTimeOffset at, string logId) => new(
        at,
        way % 2 == 0 ? IncidentKind.SearchLost : IncidentKind.TokenRefusedEarly,
        (way / 2 % 3) switch { 0 => ApiEndpoint.VideoQuery, 1 => ApiEndpoint.Comments, _ => ApiEndpoint.UserInfo },
        (way / 6 % 4) switch { 0 => ClauseClass.Hashtag, 1 => ClauseClass.Keyword, 2 => ClauseClass.Username, _ => ClauseClass.Unspecified },
        way % 5 == 0 ? null : Days("2026-01-01", "2026-01-31"),
        "code",
        logId);

    private static GetSupportReportResponse Report(IReadOnlyList<Incident> incidents, IReadOnlyList<SupportNoteRecord>? notes = null, bool includeFiled = false) =>
        SupportReports.Of([], incidents, notes ?? [], DateTimeOffset.MinValue, includeFiled, Noon.AddDays(30));

    private static Incident Lost(DateTimeOffset at, string logId, DaysOf? days = null) =>
        new(at, IncidentKind.SearchLost, ApiEndpoint.VideoQuery, ClauseClass.Hashtag, days ?? Days("2026-01-01", "2026-01-31"), "invalid_params", logId);

    private static Incident Refused(DateTimeOffset at, string logId) => Lost(at, logId) with { Kind = IncidentKind.TokenRefusedEarly, Code = "access_token_invalid" };

    private static Blackout Dark(DateTimeOffset found, DateTimeOffset seen) => new()
    {
        Class = ClauseClass.Hashtag,
        Days = new() { From = "2026-01-24", To = "2026-02-09" },
        State = BlackoutState.Dark,
        FirstSeen = found.ToTimestamp(),
        LastFound = found.ToTimestamp(),
        LastSeen = seen.ToTimestamp(),
    };

    private static SupportNoteRecord Filed(DateTimeOffset at, string text) => new(text, at, SupportNoteKind.Filed, text);

    private static SupportNoteRecord Answered(DateTimeOffset at, string text) => new(text, at, SupportNoteKind.Answered, text);
}
