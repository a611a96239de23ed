using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Which share of a policy gives way to the other: pure. One that nobody has set is what a budget starts with, as far as the other leaves room.</summary>
internal static class PolicyShares
{
    /// <summary>The policy with the shares that nobody has set moved to where they belong; what was set stays, whatever it sums to.</summary>
    /// <param name="policy">As it was asked for.</param>
    /// <param name="start">What a budget starts with.</param>
    public static BudgetPolicy Settle(BudgetPolicy policy, BudgetPolicy start)
    {
        // Policies from before this was taken down: a share that is what budgets start with was hardly set by anybody.
        var interactiveIsSet = policy.InteractiveShareIsSet ?? policy.InteractiveShare != start.InteractiveShare;
        var refreshIsSet = policy.RefreshShareIsSet ?? policy.RefreshShare != start.RefreshShare;
        return policy with
        {
            InteractiveShareIsSet = interactiveIsSet,
            RefreshShareIsSet = refreshIsSet,
            InteractiveShare = interactiveIsSet ? policy.InteractiveShare : refreshIsSet ? Math.Min(start.InteractiveShare, Beside(policy.RefreshShare)) : start.InteractiveShare,
            RefreshShare = refreshIsSet ? policy.RefreshShare : interactiveIsSet ? Math.Min(start.RefreshShare, Beside(policy.InteractiveShare)) : start.RefreshShare,
        };
    }

    /// <summary>Names of the shares that a change moved although it did not name them.</summary>
    public static IReadOnlyList<string> Moved(BudgetPolicy before, BudgetPolicy after, UpdatePolicyRequest request)
    {
        (string Name, bool IsMoved)[] shares = [("interactive_share", before.InteractiveShare != after.InteractiveShare), ("refresh_share", before.RefreshShare != after.RefreshShare)];
        return [.. from share in shares where share.IsMoved && !request.UpdateMask.Paths.Contains(share.Name) select share.Name];
    }

    /// <summary>What a share leaves; all, when it is none and will be refused. Rounded, since people read it.</summary>
    private static double Beside(double share) => share is >= 0 and <= 1 ? Math.Round(1 - share, 9) : 1;
}
