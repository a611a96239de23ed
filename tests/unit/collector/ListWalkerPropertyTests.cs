using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Walks of lists against any sequence of real answers, however absurd.</summary>
public sealed class ListWalkerPropertyTests
{
    private const int Seeds = 1500;

    private static readonly ApiEndpoint[] Endpoints = [.. Enum.GetValues<ApiEndpoint>().Where(endpoint => endpoint.HasLists())];

    [Fact]
    public void Any_sequence_of_pages_ends_in_bounded_requests_and_each_has_a_place_of_its_own()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var walk = new RandomWalk(seed, Endpoints[seed % Endpoints.Length]);

            var ended = walk.Run();

            walk.Places.ShouldBeUnique($"seed {seed}");

            // Each place may be tried five times and doubted once; waits are bounded by the walk's own answers.
            walk.Places.Count.ShouldBeLessThan(1_000, $"seed {seed}");
            ended.Items.ShouldBe(walk.Given.Count, $"seed {seed}");
        }
    }

    [Fact]
    public void A_list_that_TikTok_gives_well_is_read_whole_however_often_it_stumbles()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var list = new WellBehaved(random, length: random.Next(0, 950));
            var (checkpoint, seen, stumbles) = (Checkpoint.Start, new HashSet<string>(), 0);
            Step step;
            do
            {
                var stumbling = stumbles < 4 && random.Next(4) == 0;
                stumbles = stumbling ? stumbles + 1 : 0;
                var outcome = stumbling ? Trouble(ApiErrorClass.Internal) : Outcomes.Read(list.Search, checkpoint, Reply(list.Page(checkpoint.Cursor)), seen);
                step = Decide(list.Search, checkpoint, outcome);
                checkpoint = step is Step.GoOn next ? next.Next : checkpoint;
            }
            while (step is Step.GoOn);

            step.ShouldBe(new Step.ListEnded(ListResult.Read, "", list.Length, IsCut: false), $"seed {seed}, {list.Length} of {list.Search.Endpoint}");
        }
    }

    private static RawReply Reply(string body) => new()
    {
        SentAt = Now,
        Latency = TimeSpan.Zero,
        Target = "/",
        RequestBody = ReadOnlyMemory<byte>.Empty,
        Status = 200,
        Body = Encoding.UTF8.GetBytes(body),
    };

    /// <summary>Comments by position, or followers by time with the boundary repeated.</summary>
    private sealed class WellBehaved(Random random, int length)
    {
        private const long Latest = 1_700_000_000;

        private readonly bool isFollow = random.Next(2) == 0;

        public int Length => length;

        public Search Search => List(isFollow ? ApiEndpoint.Followers : ApiEndpoint.Comments, "7");

        /// <summary>Follower i came i seconds before the latest one: "on or before" repeats the one at the boundary.</summary>
        public string Page(long cursor)
        {
            var first = !isFollow ? (int)cursor : cursor == 0 ? 0 : (int)(Latest - cursor);
            var items = Enumerable.Range(first, Math.Clamp(length - first, 0, 100)).ToList();
            var more = first + items.Count < length;
            var next = isFollow ? Latest - Math.Max(0, first + items.Count - 1) : first + 100;
            var key = isFollow ? "user_followers" : "comments";
            return $$"""{"data":{"{{key}}":[{{string.Join(',', items.Select(i => isFollow ? $"{{\"username\":\"u{i}\"}}" : $"{{\"id\":{i + 1}}}"))}}],"cursor":{{next}},"has_more":{{(more ? "true" : "false")}} },"error":{"code":"ok"} }""";
        }
    }

    private sealed class RandomWalk(int seed, ApiEndpoint endpoint)
    {
        private readonly Random random = new(seed);
        private readonly Search search = List(endpoint, "7");
        private readonly HashSet<string> seen = [];
        private int pages = 60;
        private int patience = 20;

        public List<(long Cursor, int Attempt)> Places { get; } = [];

        public HashSet<string> Given { get; } = [];

        public Step.ListEnded Run()
        {
            var checkpoint = Checkpoint.Start;
            while (true)
            {
                Places.Add((checkpoint.Cursor, checkpoint.Attempt));
                SearchQueries.Next(search, checkpoint).Validate().ShouldBeEmpty($"seed {seed}, cursor {checkpoint.Cursor}");
                switch (Decide(search, checkpoint, Answer(checkpoint)))
                {
                    case Step.GoOn next:
                        checkpoint = next.Next;
                        break;
                    case Step.Stopped stopped:
                        checkpoint = stopped.Next;
                        break;
                    case Step.ListEnded ended:
                        return ended;
                }
            }
        }

        private Outcome Answer(Checkpoint checkpoint) => random.Next(12) switch
        {
            0 when random.Next(10) == 0 => Trouble(ApiErrorClass.InvalidParams, (InvalidParamsKind)random.Next(7)),
            1 => Trouble(ApiErrorClass.Internal),
            2 => Trouble(ApiErrorClass.Unreadable),
            3 when patience-- > 0 => Trouble(random.Next(3) switch { 0 => ApiErrorClass.RateLimit, 1 => ApiErrorClass.DailyQuota, _ => ApiErrorClass.ScopeNotAuthorized }),
            _ => Read(checkpoint),
        };

        private Outcome Read(Checkpoint checkpoint)
        {
            var api = search.Api(0);
            if (api.ItemKeys.Count == 0)
            {
                Given.Add("the profile");
                return Outcomes.Read(search, checkpoint, Reply("""{"data":{"display_name":"x"},"error":{"code":"ok"}}"""), seen);
            }

            var keys = Enumerable.Range(0, random.Next(3) == 0 ? 0 : 10).Select(_ => random.Next(1, 600)).ToList();
            Given.UnionWith(keys.Select(key => key.ToString(CultureInfo.InvariantCulture)));
            var items = keys.Select(key => api.IsFollow ? $"{{\"username\":\"u{key}\"}}" : api.IdKeys.Count == 0 && endpoint is ApiEndpoint.Playlist ? $"{key}" : $"{{\"{(api.IdKeys.Count > 0 ? api.IdKeys[0] : "review_text")}\":{key}}}");
            var cursor = random.Next(7) switch { 0 => checkpoint.Cursor, 1 => checkpoint.Cursor - 50, 2 => -3, 3 => random.Next(400), 4 => long.MaxValue, _ => checkpoint.Cursor + 100 };
            var more = pages-- > 0 && random.Next(8) > 0;
            return Outcomes.Read(search, checkpoint, Reply($$"""{"data":{"{{api.ItemKeys[0]}}":[{{string.Join(',', items)}}],"cursor":{{cursor}},"has_more":{{(more ? "true" : "false")}} },"error":{"code":"ok"} }"""), seen);
        }
    }
}
