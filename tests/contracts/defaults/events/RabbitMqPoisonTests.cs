using System.Text;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.Tests;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>What cannot be handled is laid to the dead letters with its reason, and the queue goes on.</summary>
public sealed class RabbitMqPoisonTests(SharedRabbitMq rabbit)
{
    private const string Sound = """{"labId":"lab-1","pageId":"sound"}""";

    public static TheoryData<string, string> Bodies => new()
    {
        { "nothing", "" },
        { "no JSON", "{ canary" },
        { "another type", Encoding.UTF8.GetString(RabbitMqBench.Body<QuotaReset>("""{"labId":"l","account":"a","day":"2026-01-01"}""")) },
        { "a field missing", Encoding.UTF8.GetString(RabbitMqBench.Body<PageStored>("""{"labId":"lab-1"}""")) },
        { "another shape", Encoding.UTF8.GetString(RabbitMqBench.Body<PageStored>("""{"labId":"lab-1","pageId":{"canary":1}}""")) },
        { "no envelope", """{"canary":1}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_cannot_be_read_is_a_dead_letter_and_the_queue_goes_on(string what, string body)
    {
        await using var bench = await StartAsync();
        var host = await bench.HostAsync(handles: true);
        await RabbitMqBench.ReadyAsync(host);

        await bench.PublishRawAsync("page-stored", Encoding.UTF8.GetBytes(body));
        await RabbitMqBench.PublishAsync(host, "sound");

        await bench.Received.UntilAsync(1);
        bench.Received.By("first").ShouldBe(["sound"]);
        var letter = (await RabbitMqBench.DeadLettersAsync(host, 1)).ShouldHaveSingleItem(what);
        letter.Queue.ShouldBe(RabbitMqBench.Queue);
        letter.Tries.ShouldBe(1);
        letter.Reason.ShouldBe(what == "another type" ? "unknown type" : letter.Reason);
        (letter.Reason.StartsWith("unreadable (", StringComparison.Ordinal) || letter.Reason == "unknown type").ShouldBeTrue(letter.Reason);
        letter.DiedAt.ShouldNotBeNull();
        host.Logs.All.ShouldAllBe(record => !record.Text.Contains("canary"));
    }

    [Fact]
    public async Task A_body_of_twenty_megabytes_is_a_dead_letter_and_the_queue_goes_on()
    {
        await using var bench = await StartAsync();
        var host = await bench.HostAsync(handles: true);
        await RabbitMqBench.ReadyAsync(host);

        await bench.PublishRawAsync("page-stored", RabbitMqBench.Body<PageStored>($$"""{"labId":"lab-1","pageId":"{{new string('x', 20_000_000)}}"}"""));
        await RabbitMqBench.PublishAsync(host, "sound");

        await bench.Received.UntilAsync(1);
        bench.Received.By("first").ShouldBe(["sound"]);
        (await RabbitMqBench.DeadLettersAsync(host, 1)).ShouldHaveSingleItem().Reason.ShouldBe("too large");
    }

    [Theory]
    [InlineData("2")]
    [InlineData("2.0")]
    [InlineData("next")]
    [InlineData("-1")]
    [InlineData("0")]
    public async Task An_event_of_a_newer_version_is_a_dead_letter(string version)
    {
        await using var bench = await StartAsync();
        var host = await bench.HostAsync(handles: true);
        await RabbitMqBench.ReadyAsync(host);

        await bench.PublishRawAsync("page-stored", RabbitMqBench.Body<PageStored>(Sound), headers: ("mesh-event-version", version));

        (await RabbitMqBench.DeadLettersAsync(host, 1)).ShouldHaveSingleItem().Reason.ShouldBe("unknown version");
        bench.Received.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_handler_that_always_fails_has_five_tries_and_its_failure_is_the_reason()
    {
        await using var bench = await StartAsync();
        bench.Received.OnEvent = (_, _, _, _) => throw new MeshException(V1.ErrorReason.Unavailable, "canary");
        var host = await bench.HostAsync(handles: true);

        await RabbitMqBench.PublishAsync(host, "page");

        var letter = (await RabbitMqBench.DeadLettersAsync(host, 1)).ShouldHaveSingleItem();
        bench.Received.Count.ShouldBe(5);
        letter.Tries.ShouldBe(5);
        letter.Reason.ShouldBe("MeshException UNAVAILABLE");
        host.Logs.All.ShouldAllBe(record => !record.Text.Contains("canary"));
    }

    [Fact]
    public async Task An_older_handler_ignores_what_a_newer_publisher_adds()
    {
        await using var bench = await StartAsync();
        var host = await bench.HostAsync(handles: true);
        await RabbitMqBench.ReadyAsync(host);

        await bench.PublishRawAsync("page-stored", RabbitMqBench.Body<PageStored>("""{"labId":"lab-1","pageId":"page","weight":7,"parts":[{"a":1}]}"""), headers: ("mesh-event-version", "1"));

        await bench.Received.UntilAsync(1);
        bench.Received.By("first").ShouldBe(["page"]);
    }

    [Theory]
    [InlineData("""{"name":"a"}""", "1", 7)]
    [InlineData("""{"name":"a","weight":3}""", "2", 3)]
    [InlineData("""{"name":"a","weight":3,"colour":"red"}""", "2", 3)]
    [InlineData("""{"name":"a"}""", null, 7)]
    public async Task A_newer_handler_fills_in_what_an_older_publisher_does_not_say(string message, string? version, int weight)
    {
        await using var bench = await StartAsync();
        var seen = new SampleSeen();
        var host = await bench.HostAsync(handles: false, add: services => services.AddSingleton(seen).AddEventHandler<SampleHappened, SampleHandler>("sampler"));
        await RabbitMqBench.ReadyAsync(host);

        await bench.PublishRawAsync("sample-happened", RabbitMqBench.Body<SampleHappened>(message), headers: version is null ? [] : [("mesh-event-version", version)]);

        (await seen.First.Task.WaitAsync(TimeSpan.FromSeconds(60))).Weight.ShouldBe(weight);
    }

    [Fact]
    public async Task Replayed_dead_letters_have_all_their_tries_again()
    {
        await using var bench = await StartAsync();
        bench.Received.FailWhen((_, _, attempt) => attempt <= 7);
        var host = await bench.HostAsync(handles: true);
        var letters = host.Services.GetRequiredService<IDeadLetters>();
        await RabbitMqBench.PublishAsync(host, "page");
        await RabbitMqBench.DeadLettersAsync(host, 1);

        (await letters.ReplayAsync("another-queue", CancellationToken.None)).ShouldBe((0, 0));
        (await letters.ReplayAsync(RabbitMqBench.Queue, CancellationToken.None)).ShouldBe((1, 0));

        await bench.Received.UntilAsync(8);
        (await RabbitMqBench.DeadLettersAsync(host, 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_dies_again_while_it_is_replayed_is_replayed_once()
    {
        await using var bench = await StartAsync();
        bench.Received.FailWhen((_, _, _) => true);
        var host = await bench.HostAsync(handles: true, RabbitMqBench.Patience());
        for (var page = 0; page < 5; page++)
        {
            await RabbitMqBench.PublishAsync(host, $"page-{page}");
        }

        await RabbitMqBench.DeadLettersAsync(host, 5);
        (await host.Services.GetRequiredService<IDeadLetters>().ReplayAsync("", CancellationToken.None)).ShouldBe((5, 0));

        (await RabbitMqBench.DeadLettersAsync(host, 5)).Count.ShouldBe(5);
        bench.Received.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_dead_letter_whose_queue_is_gone_stays()
    {
        await using var bench = await StartAsync();
        var host = await bench.HostAsync(handles: false);
        await host.Services.GetRequiredService<IDeadLetters>().ListAsync("", 1, CancellationToken.None);
        await bench.PublishRawAsync("dead-letters", RabbitMqBench.Body<PageStored>(Sound), headers: [("mesh-dead-origin", "gone"), ("mesh-dead-reason", "unknown version"), ("mesh-event-tries", "1")]);

        (await host.Services.GetRequiredService<IDeadLetters>().ReplayAsync("", CancellationToken.None)).ShouldBe((0, 1));

        (await RabbitMqBench.DeadLettersAsync(host, 1)).ShouldHaveSingleItem().Queue.ShouldBe("gone");
    }

    [Fact]
    public async Task A_list_says_that_there_are_more_and_takes_none_away()
    {
        await using var bench = await StartAsync();
        bench.Received.FailWhen((_, _, _) => true);
        var host = await bench.HostAsync(handles: true, RabbitMqBench.Patience());
        for (var page = 0; page < 3; page++)
        {
            await RabbitMqBench.PublishAsync(host, $"page-{page}");
        }

        await RabbitMqBench.DeadLettersAsync(host, 3);
        for (var look = 0; look < 30; look++)
        {
            var (letters, more) = await host.Services.GetRequiredService<IDeadLetters>().ListAsync(RabbitMqBench.Queue, 2, CancellationToken.None);
            (letters.Count, more).ShouldBe((2, true));
        }

        (await host.Services.GetRequiredService<IDeadLetters>().ListAsync("", 3, CancellationToken.None)).More.ShouldBeFalse();
    }

    private async Task<RabbitMqBench> StartAsync() => await RabbitMqBench.StartAsync(await rabbit.NewVirtualHostAsync());
}
