using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Events reach each service once, come again after a failure and never stop the queue.</summary>
public sealed class BusTests
{
    private const int Early = 1000;

    private readonly Received received = new();

    [Fact]
    public async Task Each_service_that_handles_an_event_gets_every_one_of_it()
    {
        await using var host = await StartAsync();
        var events = host.Services.GetRequiredService<IEvents>();

        var ids = Enumerable.Range(0, 500).Select(at => $"page-{at}").ToList();
        await Task.WhenAll(ids.Select(id => events.PublishAsync(new PageStored { LabId = "lab-1", PageId = id }, CancellationToken.None)));

        await received.UntilAsync(1000);
        received.By("first").ShouldBe(ids, ignoreOrder: true);
        received.By("second").ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_published_while_the_host_starts_arrives()
    {
        await using var host = await StartAsync(builder => builder.AddHostedService<PublishesAtOnce>());

        await received.UntilAsync(2 * Early);
        received.By("first").Count.ShouldBe(Early);

        // In memory the endpoints are usually bound in time even without it; on a busy machine they are not.
        host.Services.GetRequiredService<IOptions<MassTransit.MassTransitHostOptions>>().Value.WaitUntilStarted.ShouldBeTrue();
    }

    [Fact]
    public async Task An_event_whose_handler_fails_comes_again()
    {
        received.Fails = (handler, page, attempt) => handler == "first" && attempt == 1;
        await using var host = await StartAsync();

        await host.Services.GetRequiredService<IEvents>().PublishAsync(new PageStored { LabId = "lab-1", PageId = "page" }, CancellationToken.None);

        await received.UntilAsync(3);
        received.By("first").ShouldBe(["page", "page"]);
        received.By("second").ShouldBe(["page"]);
    }

    [Fact]
    public async Task A_poison_event_is_logged_by_type_and_id_and_the_others_go_on()
    {
        received.Fails = (_, page, _) => page == "canary-poison";
        var clock = new ImpatientClock();
        await using var host = await StartAsync(services => services.AddSingleton<TimeProvider>(clock));
        var events = host.Services.GetRequiredService<IEvents>();

        await events.PublishAsync(new PageStored { LabId = "lab-1", PageId = "canary-poison" }, CancellationToken.None);
        await received.UntilAsync(12);
        await events.PublishAsync(new PageStored { LabId = "lab-1", PageId = "sound" }, CancellationToken.None);
        await received.UntilAsync(14);

        received.By("first").Count(page => page == "canary-poison").ShouldBe(6);
        received.By("first").Count(page => page == "sound").ShouldBe(1);
        var errors = host.Logs.All.Where(record => record.Level >= LogLevel.Error).Select(record => record.Text).ToList();
        errors.Count.ShouldBe(2);
        errors.ShouldAllBe(text => text.Contains("PageStored") && text.Contains("InvalidOperationException"));
        host.Logs.All.ShouldAllBe(record => !record.Text.Contains("canary"));
    }

    [Fact]
    public async Task The_bus_reports_nothing_to_its_makers()
    {
        await using var host = await StartAsync();

        new MassTransit.UsageTelemetryOptions().Enabled.ShouldBeTrue("otherwise the next line proves nothing");
        host.Services.GetRequiredService<IOptions<MassTransit.UsageTelemetryOptions>>().Value.Enabled.ShouldBeFalse();
    }

    private Task<DefaultsHost> StartAsync(Action<IServiceCollection>? before = null) => DefaultsHost.StartAsync(builder =>
    {
        before?.Invoke(builder.Services);
        builder.Services.AddSingleton(received);
        builder.Services.AddEventHandler<PageStored, FirstHandler>("first");
        builder.Services.AddEventHandler<PageStored, SecondHandler>("second");
    });

    /// <summary>What the handlers got.</summary>
    private sealed class Received
    {
        private readonly ConcurrentQueue<(string Handler, string Page)> all = new();
        private readonly SemaphoreSlim arrivals = new(0);

        public Func<string, string, int, bool> Fails { get; set; } = (_, _, _) => false;

        public IReadOnlyList<string> By(string handler) => [.. all.Where(one => one.Handler == handler).Select(one => one.Page)];

        public async Task UntilAsync(int count)
        {
            while (all.Count < count)
            {
                (await arrivals.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue($"{all.Count} of {count} arrived");
            }
        }

        public Task TakeAsync(string handler, PageStored message)
        {
            all.Enqueue((handler, message.PageId));
            var attempt = By(handler).Count(page => page == message.PageId);
            arrivals.Release();
            return Fails(handler, message.PageId, attempt) ? throw new InvalidOperationException(message.PageId) : Task.CompletedTask;
        }
    }

    private sealed class FirstHandler(Received received) : IEventHandler<PageStored>
    {
        public Task HandleAsync(PageStored message, CancellationToken cancellationToken) => received.TakeAsync("first", message);
    }

    private sealed class SecondHandler(Received received) : IEventHandler<PageStored>
    {
        public Task HandleAsync(PageStored message, CancellationToken cancellationToken) => received.TakeAsync("second", message);
    }

    private sealed class PublishesAtOnce(IEvents events) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await Task.WhenAll(Enumerable.Range(0, Early).Select(at => events.PublishAsync(new PageStored { LabId = "lab-1", PageId = $"early-{at}" }, cancellationToken)));
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Waits no longer than a millisecond for anything.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}
