using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class CollectionUpdateTests
{
    [Fact]
    public void One_that_had_reached_its_limit_goes_on_when_it_has_room_again()
    {
        var limited = Collection(CollectionState.CompleteWithGaps) with { MaxUnits = 7, Sent = 7, LimitReached = true, EndedAt = Now, LimitedDays = [Days("2026-01-01", "2026-01-05")] };

        var after = Apply(limited, new() { MaxUnits = 9 });

        after.State.ShouldBe(CollectionState.Running);
        after.IsActive.ShouldBeTrue();
        (after.MaxUnits, after.LimitReached, after.EndedAt).ShouldBe((9, false, null));
        after.LimitedDays.ShouldBeEmpty();
        CollectionSpec.Parser.ParseJson(after.Spec).MaxUnits.ShouldBe(9);
    }

    [Fact]
    public void One_whose_other_limit_is_reached_too_stays_where_it_is()
    {
        var limited = Collection(CollectionState.CompleteWithGaps) with { MaxUnits = 7, Sent = 7, MaxResults = 100, LimitReached = true };

        Apply(limited, new() { MaxUnits = 9 }, records: 100).State.ShouldBe(CollectionState.CompleteWithGaps);
        Apply(limited, new() { MaxUnits = 9, MaxResults = 500 }, records: 100).State.ShouldBe(CollectionState.Running);
    }

    [Fact]
    public void One_that_is_complete_stays_complete_and_has_its_new_labels()
    {
        var after = Apply(Collection(CollectionState.Complete), new() { Labels = { ["study"] = "valg" } });

        after.State.ShouldBe(CollectionState.Complete);
        CollectionSpec.Parser.ParseJson(after.Spec).Labels["study"].ShouldBe("valg");
    }

    [Fact]
    public void A_paused_one_stays_paused()
    {
        Apply(Collection(CollectionState.Paused) with { MaxUnits = 7, Sent = 7, LimitReached = true }, new() { MaxUnits = 9 }).State.ShouldBe(CollectionState.Paused);
    }

    [Fact]
    public void Limits_below_what_is_used_are_refused_all_at_once()
    {
        var refused = Should.Throw<MeshException>(() => Apply(Collection(CollectionState.Running) with { Sent = 7 }, new() { MaxUnits = 6, MaxResults = 41 }, records: 42));

        refused.Violations.Select(violation => violation.Field).ShouldBe(["spec.max_results", "spec.max_units"]);
        refused.Violations[0].Description.ShouldContain("42");
        refused.Violations[1].Description.ShouldContain("7");
    }

    [Fact]
    public void Zero_takes_a_limit_away_when_the_mask_says_so()
    {
        var after = Apply(Collection(CollectionState.Running) with { MaxUnits = 7 }, new(), records: 0, "max_units");

        after.MaxUnits.ShouldBe(0);
    }

    [Fact]
    public void A_budget_that_is_raised_ends_the_rest_of_the_day()
    {
        var resting = DailyUnits.Pay(Collection(CollectionState.Running) with { UnitsPerDay = 1 }, Now);

        DailyUnits.Rests(resting, Now).ShouldBeTrue();
        DailyUnits.Rests(Apply(resting, new() { UnitsPerDay = 2 }), Now).ShouldBeFalse();
        DailyUnits.Rests(Apply(resting with { UnitsPerDay = 9, RestsUntil = null }, new() { UnitsPerDay = 1 }), Now).ShouldBeTrue();
    }

    [Fact]
    public void A_standing_one_gets_a_last_day_that_it_has_not_passed()
    {
        var standing = Collection(CollectionState.Running) with { IsStanding = true, Until = new(2026, 3, 29) };

        Apply(standing, new() { Days = new() { To = "2026-03-29" } }).EndsOn.ShouldBe(new(2026, 3, 29));
        Apply(standing with { EndsOn = new(2026, 5, 1) }, new(), records: 0, "days.to").EndsOn.ShouldBeNull();
        Should.Throw<MeshException>(() => Apply(standing, new() { Days = new() { To = "2026-03-28" } })).Violations.ShouldHaveSingleItem().Description.ShouldContain("2026-03-29");
        Should.Throw<MeshException>(() => Apply(standing, new() { Days = new() { To = "i morgen" } })).Violations.ShouldHaveSingleItem().Field.ShouldBe("spec.days.to");
        Should.Throw<MeshException>(() => Apply(Collection(CollectionState.Running), new() { Days = new() { To = "2026-05-01" } })).Violations.ShouldHaveSingleItem().Description.ShouldContain("`standing`");
    }

    [Fact]
    public void What_cannot_be_changed_is_named_with_what_can()
    {
        var refused = Should.Throw<MeshException>(() => CollectionUpdate.Read(new(), new() { Paths = { "terms" } }));

        refused.Violations.ShouldHaveSingleItem().Description.ShouldSatisfyAllConditions(text => text.ShouldStartWith("terms"), text => text.ShouldContain("max_units"));
        Should.Throw<MeshException>(() => CollectionUpdate.Read(new(), mask: null)).Violations.ShouldHaveSingleItem().Field.ShouldBe("update_mask");
        Should.Throw<MeshException>(() => Apply(Collection(CollectionState.Cancelled), new() { MaxUnits = 9 })).Reason.ShouldBe(ErrorReason.StateForbids);
        Should.Throw<MeshException>(() => Apply(Collection(CollectionState.Running), new() { Priority = Priority.Refresh })).Violations.ShouldHaveSingleItem().Field.ShouldBe("spec.priority");
    }

    private static CollectionRecord Apply(CollectionRecord collection, CollectionSpec wanted, long records = 0, params string[] mask) =>
        CollectionUpdate.Read(wanted, mask is [] ? null : new() { Paths = { mask } }).Apply(collection, records, Now);

    private static CollectionRecord Collection(CollectionState state) => new()
    {
        LabId = "default",
        CollectionId = "c1",
        RequestId = "r",
        Fingerprint = "f",
        Spec = new CollectionSpec { Terms = { "#a" }, Days = new() { From = "2026-03-01" }, Priority = Priority.Interactive }.ToString(),
        Priority = Priority.Interactive,
        CreatedAt = Now,
        State = state,
    };
}
