using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Walks against any sequence of answers, however absurd.</summary>
public sealed class WalkerPropertyTests
{
    private const int Seeds = 3000;

    [Fact]
    public void Any_sequence_of_answers_ends_and_every_day_of_every_clause_is_covered_or_missing_exactly_once()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var walk = new RandomWalk(seed);
            walk.Run(Search(to: "2026-01-31", clauses: [.. Enumerable.Range(0, 1 + seed % 4).Select(i => Tag($"t{i}"))]));

            walk.Requests.ShouldBeLessThan(20_000, $"seed {seed}");
            foreach (var clause in Enumerable.Range(0, 1 + seed % 4).Select(i => Tag($"t{i}").ClauseId))
            {
                foreach (var day in Days("2026-01-01", "2026-01-31").Each())
                {
                    walk.Told.GetValueOrDefault((clause, day)).ShouldBe(1, $"seed {seed}, {day:O}");
                }
            }
        }
    }

    [Fact]
    public void Any_sequence_of_answers_gives_each_page_a_place_of_its_own()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var walk = new RandomWalk(seed);
            walk.Run(Search());

            walk.Places.ShouldBeUnique($"seed {seed}");
        }
    }

    [Fact]
    public void A_search_that_never_saw_trouble_covers_its_window_with_as_many_requests_as_pages()
    {
        var (search, checkpoint, requests) = (Search(), Checkpoint.Start, 1);
        while (Decide(search, checkpoint, Page(requests * 100, "2026-01-10", more: requests < 30)) is Step.GoOn next)
        {
            checkpoint = next.Next;
            requests++;
        }

        requests.ShouldBe(30);
    }

    private sealed class RandomWalk(int seed)
    {
        private static readonly ApiErrorClass[] Waits = [ApiErrorClass.RateLimit, ApiErrorClass.DailyQuota, ApiErrorClass.AccessTokenInvalid, ApiErrorClass.ScopeNotAuthorized];
        private readonly Random random = new(seed);
        private int pages = 60;
        private int patience = 20;

        public int Requests { get; private set; }

        public Dictionary<(string Clause, DateOnly Day), int> Told { get; } = [];

        public List<(string Search, long Cursor, int Attempt)> Places { get; } = [];

        public void Run(Search first)
        {
            var left = new Queue<Search>([first]);
            while (left.TryDequeue(out var search))
            {
                search.Window.Count.ShouldBeInRange(1, 31, $"seed {seed}");
                search.Clauses.ShouldNotBeEmpty();
                var end = WalkToTheEnd(search);
                end.Successors.ToList().ForEach(left.Enqueue);
                Tell(search, end.Covered);
                Tell(search, end.Missing?.Days);
                end.Dark.ToList().ForEach(dark => Tell(search, dark.Days));
            }
        }

        private Step.Finished WalkToTheEnd(Search search)
        {
            var checkpoint = Checkpoint.Start;
            while (true)
            {
                Requests++;
                Places.Add((search.SearchId, checkpoint.Cursor, checkpoint.Attempt));
                checkpoint.Cursor.ShouldBeGreaterThanOrEqualTo(0, $"seed {seed}");
                switch (Decide(search, checkpoint, Answer(search, checkpoint)))
                {
                    case Step.GoOn next:
                        checkpoint = next.Next;
                        break;
                    case Step.Stopped stopped:
                        checkpoint = stopped.Next;
                        break;
                    case Step.Finished finished:
                        return finished;
                }
            }
        }

        private void Tell(Search search, Days? days)
        {
            foreach (var each in search.Clauses)
            {
                foreach (var day in days is { } told && each.Days.Intersect(told) is { } own ? own.Each() : [])
                {
                    Told[(each.Clause.ClauseId, day)] = Told.GetValueOrDefault((each.Clause.ClauseId, day)) + 1;
                }
            }
        }

        /// <summary>Waiting for quota, pace and tokens may go on for ever; nothing else may.</summary>
        private Outcome Answer(Search search, Checkpoint checkpoint) => random.Next(10) switch
        {
            0 => Trouble(ApiErrorClass.InvalidParams, (InvalidParamsKind)random.Next(5)),
            1 or 2 => Trouble(ApiErrorClass.Internal),
            3 => Trouble(ApiErrorClass.Unreadable),
            4 => Trouble((ApiErrorClass)random.Next((int)ApiErrorClass.Timeout, (int)ApiErrorClass.Unknown + 1)),
            5 when patience-- > 0 => Trouble(Waits[random.Next(Waits.Length)]),
            _ => Page(
                random.Next(6) switch { 0 => checkpoint.Cursor, 1 => checkpoint.Cursor - 50, 2 => null, 3 => random.Next(400), _ => checkpoint.Cursor + 100 },
                random.Next(4) == 0 ? null : DaysOf.Text(search.Window.From.AddDays(random.Next(-2, search.Window.Count + 2))),
                random.Next(3) == 0 ? 0 : 50,
                more: pages-- > 0 && random.Next(8) > 0),
        };
    }
}
