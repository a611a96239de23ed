using System.Collections.Immutable;
using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What callers may make of a policy; everything that is wrong is named at once, with what is allowed.</summary>
internal static class PolicyRequests
{
    private const int MostCallers = 100;
    private const double HeaviestWeight = 100;

    private static readonly IReadOnlyDictionary<string, Func<BudgetPolicy, V1.QuotaPolicy, BudgetPolicy>> Fields =
        new Dictionary<string, Func<BudgetPolicy, V1.QuotaPolicy, BudgetPolicy>>(StringComparer.Ordinal)
        {
            ["mode"] = (policy, asked) => policy with { Mode = asked.Mode },
            ["background_per_hour"] = (policy, asked) => policy with { BackgroundPerHour = asked.BackgroundPerHour },
            ["interactive_share"] = (policy, asked) => policy with { InteractiveShare = asked.InteractiveShare, InteractiveShareIsSet = true },
            ["refresh_share"] = (policy, asked) => policy with { RefreshShare = asked.RefreshShare, RefreshShareIsSet = true },
            ["caller_caps"] = (policy, asked) => policy with { CallerCaps = asked.CallerCaps.ToImmutableSortedDictionary(StringComparer.Ordinal) },
            ["caller_weights"] = (policy, asked) => policy with { CallerWeights = asked.CallerWeights.ToImmutableSortedDictionary(StringComparer.Ordinal) },
        };

    /// <summary>The budget that is meant.</summary>
    public static QuotaKey Key(UpdatePolicyRequest request, string labId, QuotaGovernorOptions options)
    {
        List<FieldViolation> violations = [];
        var key = QuotaRequests.Key(labId, request.Account, request.Bucket, options, violations);
        if (request.Policy is null || request.UpdateMask is not { Paths.Count: > 0 })
        {
            violations.Add(new("update_mask", $"update_mask must name what changes, and policy hold it: {string.Join(", ", Fields.Keys)}."));
        }

        violations.AddRange(
            from path in request.UpdateMask?.Paths ?? []
            where !Fields.ContainsKey(path)
            select new FieldViolation("update_mask", $"update_mask must name fields of a policy ({string.Join(", ", Fields.Keys)}), not {path}."));
        return violations.Count == 0 ? key : throw MeshException.BadInput(violations);
    }

    /// <summary>The policy after the request, a share that nobody has set having given way; refuses one that cannot be kept.</summary>
    public static BudgetPolicy Apply(BudgetPolicy before, UpdatePolicyRequest request, QuotaGovernorOptions options)
    {
        var asked = request.UpdateMask.Paths.Aggregate(before, (policy, path) => Fields[path](policy, request.Policy));
        var after = PolicyShares.Settle(asked, BudgetPolicy.Default(options));
        var violations = Check(after, options.LimitOf(request.Bucket)).ToList();
        return violations.Count == 0 ? after : throw MeshException.BadInput(violations);
    }

    private static IEnumerable<FieldViolation> Check(BudgetPolicy policy, long limit)
    {
        if (policy.Mode is not (PacingMode.Burst or PacingMode.Paced))
        {
            yield return new("policy.mode", "mode must be PACING_MODE_BURST or PACING_MODE_PACED.");
        }

        if (policy.BackgroundPerHour is < 1 or > 18_000)
        {
            yield return new("policy.background_per_hour", "background_per_hour must be a whole number from 1 to 18,000.");
        }

        var sharesAreNumbers = true;
        foreach (var (name, share) in new[] { ("interactive_share", policy.InteractiveShare), ("refresh_share", policy.RefreshShare) })
        {
            if (share is not (>= 0 and <= 1))
            {
                sharesAreNumbers = false;
                yield return new($"policy.{name}", $"{name} must be a number from 0 to 1.");
            }
        }

        if (sharesAreNumbers && policy.InteractiveShare + policy.RefreshShare > 1 + 1e-9)
        {
            yield return new(
                "policy",
                $"`policy.interactive_share` {Text(policy.InteractiveShare)} and `policy.refresh_share` {Text(policy.RefreshShare)} sum to {Text(policy.InteractiveShare + policy.RefreshShare)}, more than the quota; together they must be at most 1.");
        }

        foreach (var (name, callers) in new[] { ("caller_caps", policy.CallerCaps.Keys), ("caller_weights", policy.CallerWeights.Keys) })
        {
            if (callers.Count() > MostCallers)
            {
                yield return new($"policy.{name}", $"{name} must name at most {MostCallers} callers.");
            }

            foreach (var _ in callers.Where(caller => caller.Length is 0 or > QuotaRequests.LongestCaller))
            {
                yield return new($"policy.{name}", $"{name} must name callers by 1 to {QuotaRequests.LongestCaller} characters.");
            }
        }

        foreach (var (caller, cap) in policy.CallerCaps.Where(each => each.Value < 1 || each.Value > limit))
        {
            yield return new("policy.caller_caps", string.Create(CultureInfo.InvariantCulture, $"The cap of {caller} must be from 1 to the quota of {limit:N0} units a day, not {cap:N0}."));
        }

        foreach (var (caller, weight) in policy.CallerWeights.Where(each => each.Value is not (> 0 and <= HeaviestWeight)))
        {
            yield return new("policy.caller_weights", $"The weight of {caller} must be more than 0 and at most {HeaviestWeight}, not {Text(weight)}.");
        }
    }

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
