using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What a UTC day has paid.</summary>
internal sealed record DayUse(DateOnly Day, long Used, long InteractiveUsed, bool Spent)
{
    private const int HoursOfADay = 24;

    /// <summary>Units for refreshes among them.</summary>
    public long RefreshUsed { get; init; }

    /// <summary>Units for interactive work by the hour in which they were wanted; empty when that was not kept.</summary>
    public ImmutableArray<int> Hours { get; init; } = [];

    /// <summary>Units by the caller that paid, where one was named.</summary>
    public ImmutableSortedDictionary<string, long> Callers { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>A day on which nothing happened.</summary>
    public static DayUse Nothing(DateOnly day) => new(day, 0, 0, false);

    /// <summary>The day after it paid more, or less.</summary>
    public DayUse With(DayCharge charge) => this with
    {
        Used = Used + charge.Units,
        InteractiveUsed = InteractiveUsed + charge.InteractiveUnits,
        RefreshUsed = RefreshUsed + charge.RefreshUnits,
        Spent = Spent || charge.SpendsDay,
        Hours = charge.InteractiveUnits == 0 ? Hours : InHour(charge.Hour, charge.InteractiveUnits),
        Callers = charge.Units == 0 || charge.Caller.Length == 0 ? Callers : Callers.SetItem(charge.Caller, UsedBy(charge.Caller) + charge.Units),
    };

    /// <summary>Units that a caller's work has used.</summary>
    public long UsedBy(string caller) => Callers.GetValueOrDefault(caller);

    /// <summary>The hours as they are stored.</summary>
    public string HoursText() => string.Join(' ', Hours.Select(units => units.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reverse of <see cref="HoursText"/>.</summary>
    public static ImmutableArray<int> ReadHours(string text) =>
        text.Length == 0 ? [] : [.. text.Split(' ').Select(units => int.Parse(units, CultureInfo.InvariantCulture))];

    /// <summary>The callers as they are stored.</summary>
    public string CallersText() => Callers.Count == 0 ? "" : JsonSerializer.Serialize(Callers, PolicyJson.Default.ImmutableSortedDictionaryStringInt64);

    /// <summary>Reverse of <see cref="CallersText"/>.</summary>
    public static ImmutableSortedDictionary<string, long> ReadCallers(string text) => text.Length == 0
        ? ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal)
        : JsonSerializer.Deserialize(text, PolicyJson.Default.ImmutableSortedDictionaryStringInt64)!.WithComparers(StringComparer.Ordinal);

    private ImmutableArray<int> InHour(int hour, int units)
    {
        var hours = Hours.IsEmpty ? ImmutableArray.Create(new int[HoursOfADay]) : Hours;
        return hours.SetItem(hour, Math.Max(0, hours[hour] + units));
    }
}
