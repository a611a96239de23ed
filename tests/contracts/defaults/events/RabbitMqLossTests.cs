using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>The broker goes away, comes back, or takes nothing: no confirmed event is lost, and nobody waits for ever.</summary>
public sealed class RabbitMqLossTests : IAsyncLifetime
{
    private const int AtOnce = 32;
    private static readonly (string, string) ShortDeadline = ("Events:PublishDeadline", "00:00:01");

    private RabbitMqServer server = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(RabbitMqServer.Missing is not null, RabbitMqServer.Missing ?? "");
        server = await RabbitMqServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_broker_that_is_killed_under_load_loses_no_confirmed_event()
    {
        await using var bench = await RabbitMqBench.StartAsync(await server.NewVirtualHostAsync());
        var publisher = await bench.HostAsync(handles: false, settings: ShortDeadline);
        var (confirmed, refused) = (new ConcurrentQueue<string>(), 0);
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async worker =>
        {
            for (var at = 0; !enough.IsCancellationRequested; at++)
            {
                var page = $"{worker}-{at}";
                try
                {
                    await RabbitMqBench.PublishAsync(publisher, page);
                    confirmed.Enqueue(page);
                }
                catch (MeshException unavailable) when (unavailable.Reason is ErrorReason.Unavailable)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }));

        await Wait.UntilAsync(() => !confirmed.IsEmpty);
        await server.SettleAsync();
        var settled = confirmed.Count;
        await Wait.UntilAsync(() => confirmed.Count >= settled + 1000);
        await server.KillAsync();
        var beforeRestart = confirmed.Count;
        await Wait.UntilAsync(() => Volatile.Read(ref refused) >= AtOnce);
        await server.RestartAsync();
        await Wait.UntilAsync(() => confirmed.Count >= beforeRestart + 500);
        await enough.CancelAsync();
        await load;

        await using var connection = await RabbitMqServer.ConnectAsync(bench.Address);
        await using var channel = await connection.CreateChannelAsync();
        var kept = (await RabbitMqServer.DrainAsync(channel, RabbitMqBench.Queue, TimeSpan.FromSeconds(3))).Select(message => RabbitMqBench.PageOf(message.Body)).ToHashSet(StringComparer.Ordinal);
        confirmed.Except(kept, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_backlog_is_worked_off_after_the_restart()
    {
        await using var bench = await RabbitMqBench.StartAsync(await server.NewVirtualHostAsync());
        var host = await bench.HostAsync(handles: false);
        var pages = Enumerable.Range(0, 500).Select(at => $"page-{at}").ToList();
        await Task.WhenAll(pages.Select(page => RabbitMqBench.PublishAsync(host, page)));
        await server.SettleAsync();

        await server.KillAsync();
        var handler = await bench.HostAsync(handles: true);
        await Wait.UntilAsync(() => handler.Logs.All.Any(record => record.Text.Contains("host is not ready: RabbitMQ at 127.0.0.1") && record.Text.Contains("cannot be reached")));
        await server.RestartAsync();

        await Wait.UntilAsync(() => bench.Received.By("first").Distinct(StringComparer.Ordinal).Count() == pages.Count);
        await Wait.UntilAsync(() => handler.Logs.All.Any(record => record.Text.Contains("host is ready.")));
        handler.Logs.All.Count(record => record.Text.Contains("cannot be reached")).ShouldBe(1);
        handler.Logs.All.ShouldAllBe(record => !record.Text.Contains("guest"));
    }

    [Fact]
    public async Task A_host_starts_stays_up_and_stops_without_its_broker()
    {
        var address = await server.NewVirtualHostAsync();
        await using var bench = await RabbitMqBench.StartAsync(address);
        await server.KillAsync();

        var began = TimeProvider.System.GetTimestamp();
        var host = await bench.HostAsync(handles: true, settings: ShortDeadline);
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        var refused = await Should.ThrowAsync<MeshException>(() => RabbitMqBench.PublishAsync(host, "page"));
        refused.Reason.ShouldBe(ErrorReason.Unavailable);
        refused.Message.ShouldContain("RabbitMQ at 127.0.0.1");
        refused.ToString().ShouldNotContain("guest:guest");
        (await Should.ThrowAsync<MeshException>(() => RabbitMqBench.DeadLettersAsync(host, 0))).Reason.ShouldBe(ErrorReason.Unavailable);

        began = TimeProvider.System.GetTimestamp();
        await host.App.StopAsync();
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_broker_that_takes_nothing_for_want_of_memory_or_disk_is_waited_for_no_longer_than_the_deadline()
    {
        await using var bench = await RabbitMqBench.StartAsync(await server.NewVirtualHostAsync());
        var host = await bench.HostAsync(handles: true, settings: ShortDeadline);
        await PublishedAsync(host, "before");
        await bench.Received.UntilAsync(1);

        await server.ControlAsync("set_vm_memory_high_watermark", "0");
        (await Should.ThrowAsync<MeshException>(() => RabbitMqBench.PublishAsync(host, "blocked"))).Reason.ShouldBe(ErrorReason.Unavailable);
        await server.ControlAsync("set_vm_memory_high_watermark", "0.4");

        await PublishedAsync(host, "after");
        await Wait.UntilAsync(() => bench.Received.By("first").Contains("after"));
        host.Logs.All.Where(record => record.Level >= LogLevel.Error).ShouldBeEmpty();
    }

    /// <summary>Publishes until it is confirmed: on a busy machine the first connection takes longer than the short deadline.</summary>
    private static Task PublishedAsync(DefaultsHost host, string page) => Wait.UntilAsync(async () =>
    {
        try
        {
            await RabbitMqBench.PublishAsync(host, page);
            return true;
        }
        catch (MeshException unavailable) when (unavailable.Reason is ErrorReason.Unavailable)
        {
            return false;
        }
    });
}
