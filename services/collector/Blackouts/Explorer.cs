namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Finds the edges of what is dark with few failures, on the belief that dark days lie together: pure. Only failures are waste, for a success brings videos.
/// A day is bad when it was asked for alone, or with days that answer by themselves; days that were jumped over are suspect.
/// </summary>
internal static class Explorer
{
    /// <summary>Longest stretch inside a run that may stay untested, and longest window.</summary>
    public const int LongestUntested = 31;

    /// <summary>A window failed, and nobody explores its class yet.</summary>
    /// <param name="search">Whose window.</param>
    /// <param name="end">The last day that its clauses are asked for without a hole.</param>
    /// <param name="known">What is known of its class.</param>
    /// <param name="logId">TikTok's `log_id`.</param>
    /// <param name="now">When.</param>
    /// <param name="isCertain">Whether this needs no confirmation.</param>
    public static (Exploration Next, IReadOnlyList<DayNews> News) Begin(Search search, DateOnly end, ClassBlackouts known, string logId, DateTimeOffset now, bool isCertain)
    {
        var begun = new Exploration
        {
            Id = search.SearchId,
            Class = search.Class,
            StartedAt = now,
            At = now,
            By = isCertain ? "" : search.SearchId,
            Stage = isCertain ? ExplorationStage.Bisect : ExplorationStage.Confirm,
            Near = search.Window.From,
            Far = search.Window.To,
            End = end > search.Window.To ? end : search.Window.To,
            HoldsFrom = search.Window.From,
        };
        return search.Window.Count > 1 || !isCertain ? (begun, []) : new Move(begun, known, logId, now).Found(search.Window.From);
    }

    /// <summary>The test was made on these days, the near part of what was wanted at least.</summary>
    public static (Exploration Next, IReadOnlyList<DayNews> News) After(Exploration exploration, Days asked, bool isGood, ClassBlackouts known, string logId, DateTimeOffset now)
    {
        var next = exploration with { Sequence = exploration.Sequence + 1, By = "", At = now };
        return new Move(next, known, logId, now).After(asked, isGood);
    }

    /// <summary>It goes on where it stood: what has been found good meanwhile is not asked for again.</summary>
    public static (Exploration Next, IReadOnlyList<DayNews> News) Resume(Exploration exploration, ClassBlackouts known, DateTimeOffset now) =>
        exploration.HasEnded ? (exploration, []) : new Move(exploration, known, logId: "", now).Resume();

    /// <summary>One move on its way: the state, what it makes known, and what is known then.</summary>
    private sealed class Move(Exploration before, ClassBlackouts knownBefore, string logId, DateTimeOffset now)
    {
        private readonly List<DayNews> news = [];
        private Exploration state = before;
        private ClassBlackouts known = knownBefore;

        public (Exploration Next, IReadOnlyList<DayNews> News) After(Days asked, bool isGood)
        {
            Take(asked, isGood);
            SkipKnown();
            return (state, news);
        }

        public (Exploration Next, IReadOnlyList<DayNews> News) Found(DateOnly day)
        {
            FirstBad(day);
            SkipKnown();
            return (state, news);
        }

        public (Exploration Next, IReadOnlyList<DayNews> News) Resume()
        {
            var step = state.IsBackwards ? -1 : 1;
            while (state.Stage is ExplorationStage.Bisect or ExplorationStage.Sweep && state.Near != state.Far && IsGood(state.Near))
            {
                state = state with { Near = state.Near.AddDays(step) };
            }

            if (state.Stage is ExplorationStage.Middle && known.At(state.Near) is { } tested && IsRecent(tested))
            {
                Choose(1);
            }

            SkipKnown();
            return (state, news);
        }

        private void Take(Days asked, bool isGood)
        {
            if (state.Stage is ExplorationStage.Confirm)
            {
                Confirmed(isGood);
                return;
            }

            if (isGood)
            {
                Tell(asked, DayLight.Good);
            }

            switch (state.Stage)
            {
                case ExplorationStage.Bisect:
                    Bisected(asked, isGood);
                    break;
                case ExplorationStage.Gallop or ExplorationStage.Edge:
                    Tested(asked.From, isGood);
                    break;
                case ExplorationStage.Middle:
                    if (!isGood)
                    {
                        Tell(asked, DayLight.Bad);
                    }

                    Choose(1);
                    break;
                default:
                    Swept(asked, isGood);
                    break;
            }
        }

        /// <summary>An answer means that it was chance: nothing is dark.</summary>
        private void Confirmed(bool isGood)
        {
            state = state with { Stage = ExplorationStage.Bisect };
            if (isGood)
            {
                End();
            }
            else if (state.Near == state.Far)
            {
                FirstBad(state.Far);
            }
        }

        private void Bisected(Days asked, bool isGood)
        {
            var end = state.IsBackwards ? asked.From : asked.To;
            state = isGood ? state with { Near = end.AddDays(state.IsBackwards ? -1 : 1) } : state with { Far = end };
            if (state.Near == state.Far)
            {
                FirstBad(state.Far);
            }
        }

        /// <summary>The first bad day from the good side. Inside a run that is known already it is the edge of an island.</summary>
        private void FirstBad(DateOnly day)
        {
            Tell(new(day, day), DayLight.Bad);
            if (state.Run is { } run && run.Contains(day))
            {
                Choose(1);
                return;
            }

            state = state with { Stage = ExplorationStage.Gallop, Run = new(day, day), Width = 1, IsBackwards = false };
            if (day >= state.End)
            {
                Choose(1);
            }
        }

        /// <summary>A single day at or behind the end of the run.</summary>
        private void Tested(DateOnly day, bool isGood)
        {
            var run = state.Run!.Value;
            if (!isGood)
            {
                if (day > run.To.AddDays(1))
                {
                    Tell(new(run.To.AddDays(1), day.AddDays(-1)), DayLight.Suspect);
                }

                Tell(new(day, day), DayLight.Bad);
                run = run with { To = day };
                state = state with { Run = run, Width = state.Stage is ExplorationStage.Gallop ? state.Width * 2 : state.Width };
            }
            else
            {
                state = state with { Stage = ExplorationStage.Edge, Far = day };
            }

            var isEdge = state.Stage is ExplorationStage.Edge ? state.Far == run.To.AddDays(1) : run.To >= state.End;
            if (isEdge)
            {
                Choose(1);
            }
        }

        private void Swept(Days asked, bool isGood)
        {
            var back = state.IsBackwards;
            if (!isGood)
            {
                state = state with { Stage = ExplorationStage.Bisect, Near = back ? asked.To : asked.From, Far = back ? asked.From : asked.To };
                if (asked.Count == 1)
                {
                    FirstBad(asked.From);
                }

                return;
            }

            var width = asked.Count >= state.Width ? state.Width * 2 : state.Width;
            var next = back ? asked.From.AddDays(-1) : asked.To.AddDays(1);
            state = state with { Near = next, Width = Math.Min(width, LongestUntested) };
            if (back ? next < state.Far : next > state.Far)
            {
                Choose(width);
            }
            else if (!state.Run!.Value.Contains(next) && width >= LongestUntested)
            {
                End();
            }
        }

        /// <summary>What is most worth asking next, when one thing is done: islands in the run, long stretches in it, what lies behind it.</summary>
        private void Choose(int width)
        {
            var run = state.Run!.Value;
            var dark = Days.Stretches(known.Around(run).Where(day => day.Light is DayLight.Suspect).Select(day => day.Day)).ToList();
            if (dark.Where(stretch => IsGood(stretch.From.AddDays(-1))).Cast<Days?>().FirstOrDefault() is { } right)
            {
                state = state with { Stage = ExplorationStage.Sweep, IsBackwards = false, Near = right.From, Far = right.To, Width = 1 };
            }
            else if (dark.Where(stretch => IsGood(stretch.To.AddDays(1)) && stretch.To < run.To).Cast<Days?>().FirstOrDefault() is { } left)
            {
                state = state with { Stage = ExplorationStage.Sweep, IsBackwards = true, Near = left.To, Far = left.From, Width = 1 };
            }
            else if (dark.Where(stretch => stretch.Count > LongestUntested).Cast<Days?>().FirstOrDefault() is { } wide)
            {
                var middle = wide.From.AddDays(wide.Count / 2);
                state = state with { Stage = ExplorationStage.Middle, IsBackwards = false, Near = middle, Far = middle };
            }
            else
            {
                GoOnBehind(run, width);
            }
        }

        /// <summary>
        /// Bad days that lie scattered are followed by more of them: the next window is twice the last good run, and doubles with each success. At its
        /// greatest it is what everybody asks anyway, and the exploration is over.
        /// </summary>
        private void GoOnBehind(Days run, int width)
        {
            var from = run.To.AddDays(1);
            while (from <= state.End && IsGood(from))
            {
                from = from.AddDays(1);
            }

            var lastGood = known.DarkBefore(run.From) is { } before ? run.From.DayNumber - before.DayNumber - 1 : LongestUntested;
            var next = Math.Max(width, 2 * lastGood);
            if (from > state.End || next >= LongestUntested)
            {
                End();
                return;
            }

            var to = from;
            while (to < state.End && !IsGood(to.AddDays(1)))
            {
                to = to.AddDays(1);
            }

            state = state with { Stage = ExplorationStage.Sweep, IsBackwards = false, Near = from, Far = to, Width = next, HoldsFrom = from };
        }

        private void End() => state = state with { HasEnded = true };

        /// <summary>What is known of a single day behind the run needs no test.</summary>
        private void SkipKnown()
        {
            while (!state.HasEnded && state.Stage is ExplorationStage.Gallop or ExplorationStage.Edge && known.At(state.Test.From) is { Light: not DayLight.Waking } day && IsRecent(day))
            {
                Tested(day.Day, !day.IsDark);
            }
        }

        private bool IsGood(DateOnly day) => known.At(day) is { Light: DayLight.Good } found && IsRecent(found);

        /// <summary>Found in this exploration, or today: it need not be asked again.</summary>
        private bool IsRecent(KnownDay day) => day.LastAt >= state.StartedAt || day.LastAt.UtcDateTime.Date >= now.UtcDateTime.Date;

        private void Tell(Days days, DayLight light)
        {
            var said = new DayNews(days, light, light is DayLight.Good ? "" : logId, now);
            news.Add(said);
            known = known.With([said]);
        }
    }
}
