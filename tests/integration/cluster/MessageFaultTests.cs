using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Tests;
using RabbitMQ.Client;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Messages that no service can read, and events that come many times and in any order, while a collection runs.</summary>
public sealed class MessageFaultTests : ClusterTest
{
    private const int Videos = 1_200;
    private const int Storm = 20;
    private const int Several = 5;
    private const int MostTries = 5;
    private const string Pages = "normalizer-page-stored";

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    // A name that must not be logged.
    private static readonly byte[] Unreadable = "{ opdigtet"u8.ToArray();

    private static readonly byte[] TooLarge = Encoding.UTF8.GetBytes($$$"""{"message":{"labId":"default","pageId":"{{{new string('x', 20_000_000)}}}"}}""");

    [Fact]
    public async Task Poison_in_every_queue_and_events_that_come_many_times_change_nothing()
    {
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        await using var events = await ClusterEvents.OpenAsync(cluster);
        var collection = SlowCollection.Begin(cluster, gate, Videos, Token);

        var poison = await PoisonAsync(events);
        var copies = await RepeatAsync(events, collection.CompleteAsync(Token));
        await ShuffleAsync(events, copies);
        await events.UntilQuietAsync(Token);
        await CheckAsync(cluster, expected, poison);

        // One that can be handled goes back with the others, which die again.
        await events.PutAsync("dead-letters", copies.First(copy => copy.Exchange == "page-stored").Body, Dead());
        var replayed = await cluster.MeshAsync(1, Token, "replay", "--dead-letters", "--json");
        replayed.ExitCode.ShouldBe(0, replayed.Errors);
        replayed.Json.GetProperty("replayed").GetInt32().ShouldBe(poison.Count + 1);
        replayed.Json.GetProperty("remaining").GetInt32().ShouldBe(0);
        await events.UntilQuietAsync(Token);
        await CheckAsync(cluster, expected, poison);
    }

    [Fact]
    public async Task An_event_that_cannot_be_handled_for_long_is_a_dead_letter_after_five_tries_and_a_replay_brings_it_back()
    {
        Assert.SkipUnless(Servers.AllFaults, "One of all faults.");
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        var collection = SlowCollection.Begin(cluster, gate, Videos, Token);

        await collection.PagesAsync(1, Token);
        foreach (var way in cluster.Links.Between("normalizer", "collector"))
        {
            way.Refuse();
        }

        foreach (var letter in await EventInvariants.UntilDeadAsync(cluster, 1, Token))
        {
            letter.GetProperty("queue").GetString().ShouldBe(Pages);
            letter.GetProperty("tries").GetInt32().ShouldBe(MostTries);
            letter.GetProperty("reason").GetString().ShouldBe("MeshException UNAVAILABLE");
        }

        cluster.Links.Heal();
        await cluster.ReadyAsync(Token);
        await collection.CompleteAsync(Token);
        var replayed = await cluster.MeshAsync(0, Token, "replay", "--dead-letters", "--json");
        replayed.Json.GetProperty("replayed").GetInt32().ShouldBeGreaterThan(0, replayed.Errors);
        await EventInvariants.CheckAsync(cluster, expected.Records.Count, Token);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    /// <summary>Poisons every queue; answers the queue of each message and why it must die.</summary>
    private static async Task<IReadOnlyList<(string Queue, string Reason)>> PoisonAsync(ClusterEvents events)
    {
        List<(string Queue, string Reason)> sent = [];
        foreach (var queue in ClusterEvents.Queues)
        {
            await PutAsync(queue, Unreadable, "unreadable", Alive());
            await PutAsync(queue, Array.Empty<byte>(), "unreadable", Alive());
            await PutAsync(queue, "{}"u8.ToArray(), "unknown version", Alive(("mesh-event-version", "99")));
        }

        await PutAsync(Pages, TooLarge, "too large", Alive());
        await PutAsync("collector-page-normalized", TooLarge, "too large", Alive());
        return sent;

        Task PutAsync(string queue, byte[] body, string reason, BasicProperties properties)
        {
            sent.Add((queue, reason));
            return events.PutAsync(queue, body, properties);
        }
    }

    /// <summary>Sends what is published again at once, the first page like a storm, until the collection is complete; answers one event of each kind for each page.</summary>
    private static async Task<IReadOnlyList<BasicGetResult>> RepeatAsync(ClusterEvents events, Task completing)
    {
        Dictionary<(string Event, string Page), BasicGetResult> copies = [];
        while (true)
        {
            var isLast = completing.IsCompleted;
            foreach (var copy in await events.TakeAsync(Moment))
            {
                if (ClusterEvents.PageOf(copy) is { } page && copies.TryAdd(page, copy))
                {
                    await events.AgainAsync(copy, copies.Count == 1 ? Storm : Several);
                }
            }

            if (isLast)
            {
                await completing;
                return [.. copies.Values];
            }
        }
    }

    /// <summary>Every event twice more, in another order.</summary>
    private static async Task ShuffleAsync(ClusterEvents events, IReadOnlyList<BasicGetResult> copies)
    {
        BasicGetResult[] shuffled = [.. copies, .. copies];
        new Random(shuffled.Length).Shuffle(shuffled);
        foreach (var copy in shuffled)
        {
            await events.AgainAsync(copy, times: 1);
        }
    }

    private static async Task CheckAsync(RunningCluster cluster, ClusterExpectation expected, IReadOnlyList<(string Queue, string Reason)> poison)
    {
        var letters = await EventInvariants.UntilDeadAsync(cluster, poison.Count, Token);
        letters.Select(ReasonOf).Order().ShouldBe(poison.Order());
        letters.ShouldAllBe(letter => letter.GetProperty("tries").GetInt32() <= MostTries);
        await EventInvariants.UntilScheduledAsync(cluster, expected.Records.Count, Token);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    /// <summary>The queue and the reason without its details.</summary>
    private static (string Queue, string Reason) ReasonOf(JsonElement letter) =>
        (letter.GetProperty("queue").GetString()!, letter.GetProperty("reason").GetString()!.Split(" (")[0]);

    private static BasicProperties Alive(params (string Key, string Value)[] headers) => new()
    {
        MessageId = Guid.NewGuid().ToString(),
        ContentType = "application/vnd.masstransit+json",
        Persistent = true,
        Headers = headers.ToDictionary(header => header.Key, header => (object?)header.Value, StringComparer.Ordinal),
    };

    private static BasicProperties Dead() => Alive(("mesh-dead-origin", Pages), ("mesh-dead-reason", "of a test"), ("mesh-event-tries", "5"), ("mesh-dead-at", "2026-01-01T00:00:00Z"));
}
