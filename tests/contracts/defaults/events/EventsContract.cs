using System.Diagnostics;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Events reach each service, come again after a failure and never stop the queue, whatever carries them.</summary>
public abstract class EventsContract
{
    private const int Early = 1000;

    private static readonly EventPatience Quick = new([.. Enumerable.Range(1, 4).Select(at => TimeSpan.FromMilliseconds(20 * at))]);

    private readonly Received received = new();

    [Fact]
    public async Task Each_service_that_handles_an_event_gets_every_one_of_it()
    {
        await using var host = await StartAsync();

        var ids = Enumerable.Range(0, 500).Select(at => $"page-{at}").ToList();
        await Task.WhenAll(ids.Select(id => PublishAsync(host, id)));

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
    }

    [Fact]
    public async Task An_event_whose_handler_fails_comes_again()
    {
        received.FailWhen((handler, _, attempt) => handler == "first" && attempt == 1);
        await using var host = await StartAsync();

        await PublishAsync(host, "page");

        await received.UntilAsync(3);
        received.By("first").ShouldBe(["page", "page"]);
        received.By("second").ShouldBe(["page"]);
    }

    [Fact]
    public async Task A_poison_event_is_given_up_after_five_tries_and_the_others_go_on()
    {
        received.FailWhen((_, page, _) => page == "canary-poison");
        await using var host = await StartAsync();

        await PublishAsync(host, "canary-poison");
        await received.UntilAsync(10);
        await PublishAsync(host, "sound");
        await received.UntilAsync(12);
        await Wait.UntilAsync(() => host.Logs.All.Count(record => record.Level >= LogLevel.Error) == 2);

        received.By("first").Count(page => page == "canary-poison").ShouldBe(5);
        received.By("first").Count(page => page == "sound").ShouldBe(1);
        var errors = host.Logs.All.Where(record => record.Level >= LogLevel.Error).Select(record => record.Text).ToList();
        errors.ShouldAllBe(text => text.Contains("PageStored") && text.Contains("InvalidOperationException"));
        host.Logs.All.ShouldAllBe(record => !record.Text.Contains("canary"));
    }

    [Fact]
    public async Task Publisher_and_handler_are_parts_of_one_trace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "MassTransit" or MeshTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await StartAsync();

        ActivityTraceId trace;
        using (var publisher = MeshTelemetry.Source.StartActivity("publishes"))
        {
            trace = publisher.ShouldNotBeNull().TraceId;
            await PublishAsync(host, "page");
        }

        await received.UntilAsync(2);
        received.Traces.ShouldBe([trace, trace]);
    }

    [Fact]
    public async Task The_bus_reports_nothing_to_its_makers()
    {
        await using var host = await StartAsync();

        new MassTransit.UsageTelemetryOptions().Enabled.ShouldBeTrue("otherwise the next line proves nothing");
        host.Services.GetRequiredService<IOptions<MassTransit.UsageTelemetryOptions>>().Value.Enabled.ShouldBeFalse();
    }

    /// <summary>Settings that choose what carries the events, for one test alone.</summary>
    protected abstract Task<IReadOnlyDictionary<string, string?>> SettingsAsync();

    private static Task PublishAsync(DefaultsHost host, string page) =>
        host.Services.GetRequiredService<IEvents>().PublishAsync(new PageStored { LabId = "lab-1", PageId = page }, CancellationToken.None);

    private async Task<DefaultsHost> StartAsync(Action<IServiceCollection>? before = null) => await DefaultsHost.StartAsync(
        builder =>
        {
            before?.Invoke(builder.Services);
            builder.Services.AddSingleton(received).AddSingleton(Quick);
            builder.Services.AddEventHandler<PageStored, FirstHandler>("first");
            builder.Services.AddEventHandler<PageStored, SecondHandler>("second");
        },
        settings: await SettingsAsync());

    private sealed class PublishesAtOnce(IEvents events) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await Task.WhenAll(Enumerable.Range(0, Early).Select(at => events.PublishAsync(new PageStored { LabId = "lab-1", PageId = $"early-{at}" }, cancellationToken)));
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
