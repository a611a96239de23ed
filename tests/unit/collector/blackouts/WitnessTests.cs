using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>One account that TikTok never answers for is told from days that it does not answer for.</summary>
public sealed class WitnessTests
{
    private static readonly Outcome Failed = Trouble(ApiErrorClass.Internal);
    private static readonly Outcome Answered = new() { Class = ApiErrorClass.Ok, Code = "ok" };

    [Fact]
    public void An_account_that_fails_where_another_is_answered_is_a_gap_of_its_own()
    {
        var search = Lone("a");
        var once = Decide(search, Checkpoint.Start, Failed).ShouldBeOfType<Step.GoOn>();
        once.Next.AsksWitness.ShouldBeTrue();
        once.News!.Exploration!.By.ShouldBe(search.SearchId);

        var heard = Walker.Decide(search, once.Next, Answered, Around(once), Now, Options).ShouldBeOfType<Step.GoOn>();
        heard.Next.AsksWitness.ShouldBeFalse();
        heard.News!.Exploration!.HasEnded.ShouldBeTrue("nobody waits for it any more");
        heard.News.Days.ShouldBeEmpty("it was not answered for itself");

        var end = Walker.Decide(search, heard.Next, Failed, Around(heard), Now, Options).ShouldBeOfType<Step.Finished>();
        end.Missing.ShouldBe(new MissingDays(search.Window, GapReason.Failed, Walker.AccountFails, new DateTimeOffset(2026, 4, 2, 0, 0, 0, TimeSpan.Zero)));
        end.News.ShouldBeNull("no day is dark");
    }

    [Fact]
    public void A_failure_by_chance_costs_the_witness_and_no_day()
    {
        var search = Lone("a");
        var once = Decide(search, Checkpoint.Start, Failed).ShouldBeOfType<Step.GoOn>();
        var heard = Walker.Decide(search, once.Next, Answered, Around(once), Now, Options).ShouldBeOfType<Step.GoOn>();

        Walker.Decide(search, heard.Next, Page(100, "2026-01-20"), Around(heard), Now, Options).ShouldBeOfType<Step.GoOn>().Next.Cursor.ShouldBe(100);
    }

    [Fact]
    public void When_the_witness_fails_too_the_days_are_explored_as_after_any_confirmation()
    {
        var once = Decide(Lone("a"), Checkpoint.Start, Failed).ShouldBeOfType<Step.GoOn>();

        var twice = Walker.Decide(Lone("a"), once.Next, Failed, Around(once), Now, Options).ShouldBeOfType<Step.GoOn>();

        twice.Next.AsksWitness.ShouldBeFalse();
        twice.News!.Exploration!.Stage.ShouldBe(ExplorationStage.Bisect);
        twice.News.Exploration.Test.ShouldBe(Days("2026-01-01", "2026-01-15"));
    }

    [Fact]
    public void Only_what_asks_for_one_account_needs_a_witness()
    {
        Witness.IsFor(Lone("a")).ShouldBeTrue();
        Witness.IsFor(Search(clauses: [Tag("a")])).ShouldBeFalse();
        Witness.IsFor(Lone("a") with { IsProbe = true }).ShouldBeFalse();
        Witness.IsFor(Search(clauses: [Actor("a"), Actor("b")]) with { Class = ClauseClass.Username }).ShouldBeFalse("it is halved first");
        Witness.IsFor(Lone("tiktok")).ShouldBeFalse("it cannot speak for itself");
    }

    [Fact]
    public void An_account_that_failed_for_two_windows_rests_until_the_next_day_and_comes_back_when_it_is_answered()
    {
        var once = Sink(MergeKnowledge.Nothing, "a");
        once.Sinks(Lone("a")).ShouldBeTrue();
        once.Rests(Lone("a"), Now).ShouldBeFalse("one window may be chance");

        var twice = Sink(once, "a");
        twice.Rests(Lone("a"), Now).ShouldBeTrue();
        twice.Rests(Lone("b"), Now).ShouldBeFalse();
        twice.Rests(Lone("a"), Now.AddDays(1)).ShouldBeFalse();

        Learn(twice, "b", Page(100)).Sinks(Lone("a")).ShouldBeTrue();
        Learn(twice, "a", Page(100)).Sinks(Lone("a")).ShouldBeFalse();
    }

    [Fact]
    public void What_others_are_answered_in_its_place_teaches_nothing_of_it()
    {
        MergeLearning.Concerns(Lone("a"), Answered with { IsInPlace = true }).ShouldBeFalse();
        MergeLearning.Concerns(Search(clauses: [Tag("a"), Tag("b")]), Answered with { IsInPlace = true }).ShouldBeFalse("its size was not taken");
        MergeLearning.Concerns(Lone("a"), Answered).ShouldBeTrue();
    }

    [Fact]
    public void What_is_known_to_fail_needs_neither_confirmation_nor_witness()
    {
        var around = new Surroundings(ClassBlackouts.Nothing, Lone("a").Window.To) { Merging = Sink(MergeKnowledge.Nothing, "a") };

        Walker.Decide(Lone("a"), Checkpoint.Start, Failed, around, Now, Options).ShouldBeOfType<Step.Finished>().Missing!.Detail.ShouldBe(Walker.AccountFails);
        Walker.Decide(Lone("b"), Checkpoint.Start, Failed, around, Now, Options).ShouldBeOfType<Step.GoOn>();
    }

    private static Search Lone(string name) => Search(clauses: [Actor(name)]) with { Class = ClauseClass.Username };

    private static Surroundings Around(Step told) => new(ClassBlackouts.Of([], told.News!.Exploration is { HasEnded: false } goesOn ? goesOn : null), Lone("a").Window.To);

    private static MergeKnowledge Sink(MergeKnowledge known, string name) => MergeLearning.After(known, Lone(name), Checkpoint.Start, Failed, Walker.Sunk(Lone(name), Now));

    private static MergeKnowledge Learn(MergeKnowledge known, string name, Outcome outcome) =>
        MergeLearning.After(known, Lone(name), Checkpoint.Start, outcome, Decide(Lone(name), Checkpoint.Start, outcome));
}
