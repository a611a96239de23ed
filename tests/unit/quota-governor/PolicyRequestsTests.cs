using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class PolicyRequestsTests
{
    private readonly QuotaGovernorOptions options = new();

    [Fact]
    public void Only_what_the_mask_names_changes()
    {
        var policy = Apply(new() { Mode = PacingMode.Burst, BackgroundPerHour = 7, CallerCaps = { ["arena-1"] = 100 } }, "mode", "caller_caps");
        policy.Mode.ShouldBe(PacingMode.Burst);
        policy.BackgroundPerHour.ShouldBe(40);
        policy.CallerCaps["arena-1"].ShouldBe(100);
        BudgetPolicy.Read(policy.Write()).ShouldBe(policy);
    }

    [Fact]
    public void Shares_that_were_set_and_sum_to_more_than_the_quota_are_refused_in_one_line_that_says_what_is_allowed() =>
        Refusal(new() { InteractiveShare = 0.3, RefreshShare = 0.9 }, "interactive_share", "refresh_share")
            .ShouldHaveSingleItem().ShouldBe("`policy.interactive_share` 0.3 and `policy.refresh_share` 0.9 sum to 1.2, more than the quota; together they must be at most 1.");

    [Fact]
    public void A_share_that_nobody_has_set_gives_way_and_comes_back()
    {
        var before = Apply(new() { Mode = PacingMode.Burst }, "mode");

        var asked = Asked(new() { InteractiveShare = 0.6 }, "interactive_share");
        var after = PolicyRequests.Apply(before, asked, options);
        (after.InteractiveShare, after.RefreshShare).ShouldBe((0.6, 0.4));
        PolicyShares.Moved(before, after, asked).ShouldBe(["refresh_share"]);

        PolicyRequests.Apply(after, Asked(new() { InteractiveShare = 0.05 }, "interactive_share"), options).RefreshShare.ShouldBe(0.9);
        Apply(new() { RefreshShare = 0.95 }, "refresh_share").InteractiveShare.ShouldBe(0.05);
        PolicyShares.Moved(after, after, asked).ShouldBeEmpty();
    }

    [Fact]
    public void A_share_that_was_set_once_does_not_give_way_later()
    {
        var after = Apply(new() { RefreshShare = 0.9 }, "refresh_share");

        Should.Throw<MeshException>(() => PolicyRequests.Apply(BudgetPolicy.Read(after.Write()), Asked(new() { InteractiveShare = 0.3 }, "interactive_share"), options))
            .Violations.ShouldHaveSingleItem().Description.ShouldStartWith("`policy.interactive_share` 0.3 and `policy.refresh_share` 0.9 sum to 1.2");
    }

    [Theory]
    [InlineData(0.9, 0.6, 0.4)]
    [InlineData(0.2, 0.6, 0.2)]
    public void Of_a_policy_that_was_stored_before_a_share_was_set_when_it_is_not_what_a_budget_starts_with(double stored, double asked, double refresh)
    {
        var before = BudgetPolicy.Read($$$"""{"Mode":2,"BackgroundPerHour":40,"InteractiveShare":0.1,"RefreshShare":{{{stored.ToString(CultureInfo.InvariantCulture)}}},"CallerCaps":{},"CallerWeights":{}}""");

        PolicyRequests.Apply(before, Asked(new() { InteractiveShare = asked }, "interactive_share"), options).RefreshShare.ShouldBe(refresh);
    }

    [Fact]
    public void Both_shares_may_move_together() =>
        Apply(new() { InteractiveShare = 0.3, RefreshShare = 0.7 }, "interactive_share", "refresh_share").InteractiveShare.ShouldBe(0.3);

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once() =>
        Refusal(
            new() { BackgroundPerHour = 0, RefreshShare = double.NaN, CallerCaps = { ["a"] = 1001, ["b"] = 0 }, CallerWeights = { ["a"] = 0 } },
            "mode", "background_per_hour", "refresh_share", "caller_caps", "caller_weights")
            .ShouldBe(
            [
                "mode must be PACING_MODE_BURST or PACING_MODE_PACED.",
                "background_per_hour must be a whole number from 1 to 18,000.",
                "refresh_share must be a number from 0 to 1.",
                "The cap of a must be from 1 to the quota of 1,000 units a day, not 1,001.",
                "The cap of b must be from 1 to the quota of 1,000 units a day, not 0.",
                "The weight of a must be more than 0 and at most 100, not 0.",
            ]);

    [Fact]
    public void A_mask_that_names_nothing_or_something_else_is_refused()
    {
        Should.Throw<MeshException>(() => PolicyRequests.Key(new() { Bucket = QuotaBucket.Research, Policy = new() }, "default", options)).Violations.ShouldHaveSingleItem();
        Should.Throw<MeshException>(() => PolicyRequests.Key(new() { Bucket = QuotaBucket.Research, Policy = new(), UpdateMask = new() { Paths = { "speed" } } }, "default", options))
            .Violations.ShouldHaveSingleItem().Description.ShouldContain("not speed");
    }

    private BudgetPolicy Apply(V1.QuotaPolicy policy, params string[] paths) =>
        PolicyRequests.Apply(BudgetPolicy.Default(options), Asked(policy, paths), options);

    private static UpdatePolicyRequest Asked(V1.QuotaPolicy policy, params string[] paths) => new() { Bucket = QuotaBucket.Research, Policy = policy, UpdateMask = new() { Paths = { paths } } };

    private IEnumerable<string> Refusal(V1.QuotaPolicy policy, params string[] paths) =>
        Should.Throw<MeshException>(() => Apply(policy, paths)).Violations.Select(violation => violation.Description);
}
