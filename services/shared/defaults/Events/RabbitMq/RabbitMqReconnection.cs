using MassTransit;
using Microsoft.Extensions.Hosting;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Begins anew with a broker that refused our user or password: MassTransit connects again after anything else, but never after that, and passwords are put right
/// on the broker too.
/// </summary>
internal sealed class RabbitMqReconnection(IBusControl bus, IHostApplicationLifetime lifetime, TimeProvider clock) : MeshWorker(lifetime)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (RabbitMqHealth.IsRefused(bus.CheckHealth()))
            {
                await bus.StopAsync(stoppingToken);
                await bus.StartAsync(stoppingToken);
            }
        }
    }
}
