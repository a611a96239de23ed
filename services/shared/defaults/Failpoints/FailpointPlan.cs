using System.Collections.Concurrent;
using System.Globalization;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>What shall happen at which places, and at which of their hits: <c>name=action[@n|@n-m]</c>, separated by commas.</summary>
internal sealed class FailpointPlan
{
    private const int LongestDelay = 3_600_000;

    private readonly ILookup<string, FailpointRule> rules;
    private readonly ConcurrentDictionary<string, int> hits = new(StringComparer.Ordinal);
    private readonly Func<FailpointRule, CancellationToken, Task> act;

    private FailpointPlan(IEnumerable<FailpointRule> rules, Func<FailpointRule, CancellationToken, Task> act)
    {
        this.rules = rules.ToLookup(rule => rule.Name, StringComparer.Ordinal);
        this.act = act;
    }

    /// <summary>Reads a plan; <paramref name="act"/> is what an action does, the real thing when it is not given.</summary>
    /// <exception cref="StartRefusedException">The text is no plan; the message says which part is wrong and what is allowed.</exception>
    public static FailpointPlan Parse(string text, Func<FailpointRule, CancellationToken, Task>? act = null) =>
        new([.. text.Split(',', StringSplitOptions.TrimEntries).Select(Rule)], act ?? FailpointActions.ActAsync);

    /// <summary>Counts a hit and does what the plan has for it.</summary>
    public async Task HitAsync(string name, CancellationToken cancellationToken)
    {
        if (!rules.Contains(name))
        {
            return;
        }

        var hit = hits.AddOrUpdate(name, 1, (_, before) => before + 1);
        foreach (var rule in rules[name].Where(rule => rule.First <= hit && hit <= rule.Last))
        {
            await act(rule, cancellationToken);
        }
    }

    private static FailpointRule Rule(string text)
    {
        if (text.Split('=') is not [var name, var what] || !FailpointNames.All.Contains(name, StringComparer.Ordinal))
        {
            throw Refuse(text, "it must begin with the name of a failpoint and =");
        }

        var (action, hits) = what.Split('@') is [var before, var after] ? (before, after) : (what, null);
        var (first, last) = hits is null ? (1, int.MaxValue) : Hits(hits) ?? throw Refuse(text, "after @ must stand the number of a hit, or the first and the last such as 1-5");
        var delay = TimeSpan.Zero;
        var kind = action switch
        {
            "kill" => FailpointAction.Kill,
            "pause" => FailpointAction.Pause,
            "error" => FailpointAction.Error,
            _ when action.StartsWith("delay:", StringComparison.Ordinal) && Number(action["delay:".Length..]) is { } milliseconds and <= LongestDelay => Delay(milliseconds, out delay),
            _ => throw Refuse(text, "the action must be kill, pause, error or delay:MILLISECONDS"),
        };
        return new(name, kind, delay, first, last);
    }

    private static FailpointAction Delay(int milliseconds, out TimeSpan delay)
    {
        delay = TimeSpan.FromMilliseconds(milliseconds);
        return FailpointAction.Delay;
    }

    private static (int First, int Last)? Hits(string text) => text.Split('-') switch
    {
        [var only] when Number(only) is { } hit and > 0 => (hit, hit),
        [var from, var to] when Number(from) is { } first and > 0 && Number(to) is { } last && last >= first => (first, last),
        _ => null,
    };

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static StartRefusedException Refuse(string text, string why) => new($"{Failpoints.Variable} holds \"{text}\": {why}.");
}

/// <summary>What happens at some hits of one place.</summary>
internal sealed record FailpointRule(string Name, FailpointAction Action, TimeSpan Delay, int First, int Last);

/// <summary>What may happen at a place.</summary>
internal enum FailpointAction
{
    /// <summary>The process ends at once, as by <c>kill -9</c>.</summary>
    Kill,

    /// <summary>The process stands still until somebody lets it go on.</summary>
    Pause,

    /// <summary>What goes on here fails.</summary>
    Error,

    /// <summary>What goes on here takes longer.</summary>
    Delay,
}
