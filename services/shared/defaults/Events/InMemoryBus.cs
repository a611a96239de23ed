using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The bus of a host that has all services in it.</summary>
internal static class InMemoryBus
{
    internal static void Add(IServiceCollection services)
    {
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory((context, memory) => MeshBus.Listen(context, memory, typeof(EventConsumer<,>)));
        });

        // Otherwise what is published before an endpoint is bound is lost without a word.
        services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        services.AddSingleton<IEvents, InMemoryEvents>();
        services.AddSingleton<IDeadLetters, NoDeadLetters>();
    }
}
