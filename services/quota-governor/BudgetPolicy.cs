using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>How a budget is shared out. Two policies that say the same are equal.</summary>
internal sealed record BudgetPolicy
{
    /// <summary>Whether background work is spread over the day or follows the pace that TikTok allows.</summary>
    public required PacingMode Mode { get; init; }

    /// <summary>Requests an hour for background work, evenly spread; only when paced.</summary>
    public required int BackgroundPerHour { get; init; }

    /// <summary>Share of the day that is kept for interactive work until its need has been learned; 0 keeps nothing, ever.</summary>
    public required double InteractiveShare { get; init; }

    /// <summary>Share of the day that refreshes may take before interactive work when their deadlines leave no choice.</summary>
    public required double RefreshShare { get; init; }

    /// <summary>Whether somebody has set <see cref="InteractiveShare"/>; null: unknown, from before it was taken down.</summary>
    public bool? InteractiveShareIsSet { get; init; }

    /// <summary>Whether somebody has set <see cref="RefreshShare"/>; null: unknown, from before it was taken down.</summary>
    public bool? RefreshShareIsSet { get; init; }

    /// <summary>Units a day of a caller's background and interactive work together, by the caller's name; who is not named has no cap.</summary>
    public ImmutableSortedDictionary<string, long> CallerCaps { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Parts that callers get when several want the same units; who is not named has 1.</summary>
    public ImmutableSortedDictionary<string, double> CallerWeights { get; init; } = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>The policy of a budget that was given none.</summary>
    public static BudgetPolicy Default(QuotaGovernorOptions options) => new()
    {
        Mode = options.Mode,
        BackgroundPerHour = options.BackgroundPerHour,
        InteractiveShare = options.InteractiveShare,
        RefreshShare = options.RefreshShare ?? 1 - options.InteractiveShare,
        InteractiveShareIsSet = false,
        RefreshShareIsSet = false,
    };

    /// <summary>A share of a day in whole units. What is missing to a whole one by arithmetic alone is not taken away.</summary>
    public static long UnitsOf(double share, long limit) => (long)Math.Floor((limit * share) + 1e-9);

    /// <summary>As it is stored.</summary>
    public string Write() => JsonSerializer.Serialize(this, PolicyJson.Default.BudgetPolicy);

    /// <summary>Reverse of <see cref="Write"/>.</summary>
    public static BudgetPolicy Read(string text)
    {
        var policy = JsonSerializer.Deserialize(text, PolicyJson.Default.BudgetPolicy)!;
        return policy with
        {
            CallerCaps = policy.CallerCaps.WithComparers(StringComparer.Ordinal),
            CallerWeights = policy.CallerWeights.WithComparers(StringComparer.Ordinal),
        };
    }

    /// <inheritdoc/>
    public bool Equals(BudgetPolicy? other) => other is not null && string.Equals(Write(), other.Write(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Write().GetHashCode(StringComparison.Ordinal);
}

/// <summary>The stored form.</summary>
[JsonSerializable(typeof(BudgetPolicy))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, long>))]
internal sealed partial class PolicyJson : JsonSerializerContext;
