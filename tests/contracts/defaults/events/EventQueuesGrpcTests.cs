using Grpc.Core;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Every host answers administrators about the dead letters, on the callers' port.</summary>
public sealed class EventQueuesGrpcTests(SharedRabbitMq rabbit)
{
    private static readonly Metadata Administrator = DefaultsHost.AsCaller(KnownCallers.Administrator);

    [Fact]
    public async Task Dead_letters_are_listed_without_content_and_sent_back()
    {
        await using var bench = await RabbitMqBench.StartAsync(await rabbit.NewVirtualHostAsync());
        bench.Received.FailWhen((_, _, attempt) => attempt == 1);
        var host = await bench.HostAsync(handles: true, RabbitMqBench.Patience());
        var queues = new EventQueues.EventQueuesClient(host.Callers);
        await RabbitMqBench.PublishAsync(host, "canary");
        await RabbitMqBench.DeadLettersAsync(host, 1);

        var listed = await queues.ListDeadLettersAsync(new ListDeadLettersRequest(), Administrator);
        var others = await queues.ListDeadLettersAsync(new ListDeadLettersRequest { Queue = "collector-page-stored" }, Administrator);
        var replayed = await queues.ReplayDeadLettersAsync(new ReplayDeadLettersRequest { Queue = RabbitMqBench.Queue }, Administrator);

        var letter = listed.DeadLetters.ShouldHaveSingleItem();
        (letter.Queue, letter.Reason, letter.Tries).ShouldBe((RabbitMqBench.Queue, nameof(InvalidOperationException), 1));
        letter.EventId.ShouldNotBeEmpty();
        letter.DiedAt.ShouldNotBeNull();
        (listed.AreKept, listed.HasMore).ShouldBe((true, false));
        listed.ToString().ShouldNotContain("canary");
        others.DeadLetters.ShouldBeEmpty();
        (replayed.Replayed, replayed.Remaining).ShouldBe((1, 0));
        await bench.Received.UntilAsync(2);
    }

    [Fact]
    public async Task One_process_keeps_none_and_says_so()
    {
        await using var host = await DefaultsHost.StartAsync();
        var queues = new EventQueues.EventQueuesClient(host.Callers);

        (await queues.ListDeadLettersAsync(new ListDeadLettersRequest(), Administrator)).AreKept.ShouldBeFalse();
        (await queues.ReplayDeadLettersAsync(new ReplayDeadLettersRequest(), Administrator)).AreKept.ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_else_may_ask()
    {
        await using var host = await DefaultsHost.StartAsync();
        var queues = new EventQueues.EventQueuesClient(host.Callers);

        foreach (var key in new[] { KnownCallers.Reader, KnownCallers.Collector })
        {
            (await Should.ThrowAsync<RpcException>(async () => await queues.ListDeadLettersAsync(new ListDeadLettersRequest(), DefaultsHost.AsCaller(key)))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
            (await Should.ThrowAsync<RpcException>(async () => await queues.ReplayDeadLettersAsync(new ReplayDeadLettersRequest(), DefaultsHost.AsCaller(key)))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        }
    }

    [Fact]
    public async Task A_negative_size_is_refused()
    {
        await using var host = await DefaultsHost.StartAsync();

        var refused = await Should.ThrowAsync<RpcException>(async () => await new EventQueues.EventQueuesClient(host.Callers).ListDeadLettersAsync(new ListDeadLettersRequest { PageSize = -1 }, Administrator));

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }
}
