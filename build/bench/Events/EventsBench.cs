using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.Tests;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Bench;

/// <summary>
/// Events through our bus beside MassTransit's own consumer, on one real broker: both publish with confirmation from many places at once, into quorum queues,
/// and a round ends when the last one is handled.
/// </summary>
internal sealed class EventsBench : IBench
{
    private const int Rounds = 9;
    private const int Events = 3_000;
    private const int Together = 128;
    private const double Bar = 0.5;

    public string Name => "events";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (RabbitMqServer.Missing is not null)
        {
            await Console.Error.WriteLineAsync($"events is left out: {RabbitMqServer.Missing}.");
            yield break;
        }

        await using var broker = await RabbitMqServer.StartAsync();
        var count = new Countdown();
        await using var ours = await OursAsync(await broker.NewVirtualHostAsync(), count, cancellationToken);
        using var bare = await BareAsync(await broker.NewVirtualHostAsync(), count, cancellationToken);
        var (events, bus) = (ours.Services.GetRequiredService<IEvents>(), bare.Services.GetRequiredService<IBus>());
        var line = await Race.RunAsync(
            $"published and handled, {Together} at a time",
            "events/s",
            Rounds,
            token => RoundAsync(count, message => events.PublishAsync(message, token)),
            token => RoundAsync(count, message => bus.Publish(message, token)),
            cancellationToken);
        yield return line with { Bar = Bar };
        await bare.StopAsync(cancellationToken);
    }

    private static Task<Lap> RoundAsync(Countdown count, Func<PageStored, Task> publish) => Lap.OfAsync(Events, async () =>
    {
        var handled = count.Of(Events);
        await Task.WhenAll(Enumerable.Range(0, Together).Select(async worker =>
        {
            for (var at = worker; at < Events; at += Together)
            {
                await publish(new PageStored { LabId = "lab-1", PageId = $"page-{at}" });
            }
        }));
        await handled;
    });

    private static async Task<WebApplication> OursAsync(string address, Countdown count, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:RabbitMq", (string?)address)]);
        builder.Services.AddRouting().AddSingleton(count);
        builder.AddMeshDefaults("bench", []);
        builder.Services.AddEventHandler<PageStored, Handler>("normalizer");
        var app = builder.Build();
        app.MapMeshDefaults();
        await app.StartAsync(cancellationToken);
        return app;
    }

    /// <summary>As MassTransit's own documentation begins, with quorum queues, and the same number in hand.</summary>
    private static async Task<IHost> BareAsync(string address, Countdown count, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(count);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<Consumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(address));
                rabbit.ReceiveEndpoint("bare", endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    endpoint.PrefetchCount = 16;
                    endpoint.ConcurrentMessageLimit = 16;
                    endpoint.ConfigureConsumer<Consumer>(context);
                });
            });
        });
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Completes when so many have come.</summary>
    private sealed class Countdown
    {
        private int left;
        private TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Of(int events)
        {
            left = events;
            done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return done.Task;
        }

        public void Signal()
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                done.SetResult();
            }
        }
    }

    private sealed class Handler(Countdown count) : IEventHandler<PageStored>
    {
        public Task HandleAsync(PageStored message, CancellationToken cancellationToken)
        {
            count.Signal();
            return Task.CompletedTask;
        }
    }

    private sealed class Consumer(Countdown count) : IConsumer<PageStored>
    {
        public Task Consume(ConsumeContext<PageStored> context)
        {
            count.Signal();
            return Task.CompletedTask;
        }
    }
}
