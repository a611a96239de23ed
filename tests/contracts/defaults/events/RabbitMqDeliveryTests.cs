using System.Diagnostics;
using System.Text;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Tests;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>What a queue has is handled: whoever comes first, stops, or loses the connection.</summary>
public sealed class RabbitMqDeliveryTests(SharedRabbitMq rabbit)
{
    [Fact]
    public async Task An_event_that_is_published_before_its_handler_ever_started_waits_for_it()
    {
        await using var bench = await StartAsync();
        var publisher = await bench.HostAsync(handles: false);

        await RabbitMqBench.PublishAsync(publisher, "page");
        bench.Received.Count.ShouldBe(0);
        await bench.HostAsync(handles: true);

        await bench.Received.UntilAsync(1);
        bench.Received.By("first").ShouldBe(["page"]);
    }

    [Fact]
    public async Task Everything_is_durable_and_in_quorum_queues()
    {
        await using var bench = await StartAsync();
        await RabbitMqBench.ReadyAsync(await bench.HostAsync(handles: true));

        foreach (var queue in new[] { RabbitMqBench.Queue, RabbitMqTopology.DeadLetters, "retry-20ms", "retry-80ms" })
        {
            // Declaring a queue otherwise than it is is refused, so this says what it is.
            await using var channel = await bench.Connection.CreateChannelAsync();
            var refused = await Should.ThrowAsync<RabbitMQ.Client.Exceptions.OperationInterruptedException>(() => channel.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "classic" }));
            refused.Message.ShouldContain("PRECONDITION_FAILED");
        }

        await using var passive = await bench.Connection.CreateChannelAsync();
        await passive.ExchangeDeclareAsync("page-stored", ExchangeType.Fanout, durable: true, autoDelete: false);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_its_handler_has_completed()
    {
        await using var bench = await StartAsync();
        var completes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Received.OnEvent = (_, _, attempt, _) => attempt == 1 ? completes.Task : Task.CompletedTask;
        var cutOff = await bench.HostAsync(handles: true);
        await RabbitMqBench.PublishAsync(cutOff, "page");
        await bench.Received.UntilAsync(1);

        // As when the process were killed: the broker has no answer, and gives the event to whoever asks next.
        await (await rabbit.ServerAsync()).CutAsync(bench.Address);
        await bench.HostAsync(handles: true);
        await bench.Received.UntilAsync(2);

        completes.SetResult();
        await RabbitMqBench.ReadyAsync(cutOff);
        bench.Received.By("first").ShouldBe(["page", "page"]);
    }

    [Fact]
    public async Task What_a_stopping_host_has_in_hand_goes_back_and_is_no_dead_letter()
    {
        await using var bench = await StartAsync();
        bench.Received.OnEvent = (_, _, attempt, cancellationToken) => attempt == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken) : Task.CompletedTask;
        var stopped = await bench.HostAsync(handles: true);
        await RabbitMqBench.PublishAsync(stopped, "page");
        await bench.Received.UntilAsync(1);

        var began = TimeProvider.System.GetTimestamp();
        await stopped.App.StopAsync();
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        var next = await bench.HostAsync(handles: true);

        await bench.Received.UntilAsync(2);
        (await RabbitMqBench.DeadLettersAsync(next, 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waits_for_another_try_outlives_its_host()
    {
        await using var bench = await StartAsync();
        bench.Received.FailWhen((_, _, attempt) => attempt == 1);
        var stopped = await bench.HostAsync(handles: true, RabbitMqBench.Patience(3000, 3000));
        await RabbitMqBench.PublishAsync(stopped, "page");
        await Wait.UntilAsync(() => stopped.Logs.All.Any(record => record.Text.Contains("comes again in 3 s")));

        await stopped.App.StopAsync();
        var next = await bench.HostAsync(handles: true, RabbitMqBench.Patience(3000, 3000));

        await bench.Received.UntilAsync(2);
        (await RabbitMqBench.DeadLettersAsync(next, 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_context_of_the_trace_travels_as_the_standard_says()
    {
        await using var bench = await StartAsync();
        var publisher = await bench.HostAsync(handles: false);

        using var activity = new Activity("publishes").Start();
        await RabbitMqBench.PublishAsync(publisher, "page");

        var message = (await RabbitMqServer.DrainAsync(bench.Channel, RabbitMqBench.Queue, TimeSpan.FromSeconds(1))).ShouldHaveSingleItem();
        Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers!["traceparent"]!).ShouldContain(activity.TraceId.ToHexString());
        Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers["mesh-event-version"]!).ShouldBe("1");
        message.BasicProperties.Persistent.ShouldBeTrue();
    }

    private async Task<RabbitMqBench> StartAsync() => await RabbitMqBench.StartAsync(await rabbit.NewVirtualHostAsync());
}
