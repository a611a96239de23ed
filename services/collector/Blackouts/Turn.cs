namespace IssueObservatory.Mesh.Collector;

/// <summary>What a search does without a request.</summary>
/// <param name="Step">It ends so; null: it stays as it is.</param>
/// <param name="News">What others have to know of it: the exploration that it carries on; null when none.</param>
internal sealed record Turn(Step.Finished? Step, BlackoutNews? News);

/// <summary>What a search has to do before it may send its first request, given what is known of its class: pure.</summary>
internal abstract record Shade
{
    private Shade()
    {
    }

    /// <summary>Nothing: it may send.</summary>
    public sealed record None : Shade;

    /// <summary>Wait for the exploration of its class.</summary>
    public sealed record Held : Shade;

    /// <summary>Wait until it is proven that its days are dark.</summary>
    public sealed record Unproven : Shade;

    /// <summary>Become something else first.</summary>
    public sealed record Turns(Turn Turn) : Shade;

    public static Shade Of(Search search, Checkpoint checkpoint, ClassBlackouts known, Outage outage, DateTimeOffset now, CollectorOptions options)
    {
        if (search.Kind is SearchKind.List || search.IsCheck || !checkpoint.IsFirstPage || checkpoint.Draws > 0)
        {
            return new None();
        }

        if (search.Twin is not null)
        {
            return TwinChecks.IsOver(search, known, outage, now) ? new Turns(new(TwinChecks.End, News: null)) : new None();
        }

        if (search.Explores && known.Exploration is { } exploration)
        {
            if (exploration.Settled(outage, known, now) is var (next, news))
            {
                return new Turns(new(Step: null, new(search.Class, news, next)));
            }

            if (exploration.By == search.SearchId)
            {
                return new None();
            }

            if (!exploration.IsOver && search.Window.Contains(exploration.Anchor) && (exploration.By.Length == 0 || !exploration.IsFresh(now)))
            {
                return new Turns(Lend(search, exploration, now));
            }

            if (exploration.IsFresh(now) && search.Window.To >= exploration.HoldsFrom)
            {
                return new Held();
            }

            if (exploration.Doubts(search.Window))
            {
                return new Unproven();
            }
        }

        return search.Window.Each().Any(known.IsDark) && (!search.IsProbe || (search.Kind is SearchKind.Refresh && Probing.IsTested(search.Window, known, now)))
            ? new Turns(new(Leave(search, known, now, options), News: null))
            : new None();
    }

    /// <summary>The search gives its days of the next test to one of its own; what it has beside them waits. Days that no clause asks for cannot be tested.</summary>
    private static Turn Lend(Search search, Exploration exploration, DateTimeOffset now)
    {
        var test = exploration.Within(search.Window);
        if (test == search.Window)
        {
            return new(Step: null, new(search.Class, [], exploration.Claimed(search.SearchId, now)));
        }

        List<Days> parts = [test];
        if (test.From > search.Window.From)
        {
            parts.Add(new(search.Window.From, test.From.AddDays(-1)));
        }

        if (test.To < search.Window.To)
        {
            parts.Add(new(test.To.AddDays(1), search.Window.To));
        }

        var searches = Darkness.Parts(search, parts);
        if (search.Kind is SearchKind.Refresh && searches.All(part => part.Window != test))
        {
            // None of its videos lies there; what the answer says of the days is worth its unit.
            searches = [search.Within(test) with { SearchId = $"{search.SearchId}k", Restarts = 0 }, .. searches];
        }

        var tester = searches.FirstOrDefault(part => part.Window == test);
        var claimed = exploration.Claimed(tester?.SearchId ?? "", now) with { HasEnded = tester is null };
        return new(new(Covered: null, Missing: null, searches), new(search.Class, [], claimed));
    }

    /// <summary>Nobody plans probes for refreshes, and nobody else may ask for these ids: so one whose probe is due makes it.</summary>
    private static Step.Finished Leave(Search search, ClassBlackouts known, DateTimeOffset now, CollectorOptions options)
    {
        var left = Darkness.Leave(search, known);
        var mayProbe = search is { Kind: SearchKind.Refresh, IsProbe: false } && Probing.TestedOn(known, now) < options.ProbesPerDay;
        var probe = mayProbe ? Probing.Due(known, now).Where(search.Window.Contains).Cast<DateOnly?>().FirstOrDefault() : null;
        return probe is { } day
            ? left with { Successors = [.. left.Successors, search.Within(new(day, day)) with { SearchId = $"{search.SearchId}o", Restarts = 0, IsProbe = true }] }
            : left;
    }
}
