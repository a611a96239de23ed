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
    public void A_policy_that_sums_to_more_than_the_quota_is_refused_in_one_line_that_says_what_is_allowed() =>
        Refusal(new() { InteractiveShare = 0.3 }, "interactive_share")
            .ShouldHaveSingleItem().ShouldBe("interactive_share 0.3 and refresh_share 0.9 sum to 1.2, more than the quota; together they must be at most 1.");

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
        PolicyRequests.Apply(BudgetPolicy.Default(options), new() { Policy = policy, UpdateMask = new() { Paths = { paths } } }, 1000);

    private IEnumerable<string> Refusal(V1.QuotaPolicy policy, params string[] paths) =>
        Should.Throw<MeshException>(() => Apply(policy, paths)).Violations.Select(violation => violation.Description);
}
