using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Background work that begins once the host answers calls and ends before it stops answering, so that it may call other services.</summary>
public abstract class MeshWorker(IHostApplicationLifetime lifetime) : BackgroundService, IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the work in hand while every service still answers: the listeners are the first to stop.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The work; ends when <paramref name="stoppingToken"/> is cancelled.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>Does something again and again until it is cancelled. Whoever cannot be reached is told of elsewhere; a defect is told, and neither ends it.</summary>
    protected static async Task RepeatAsync(Func<CancellationToken, Task> once, TimeSpan pause, TimeProvider clock, Action<Exception> onDefect, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await once(stoppingToken);
            }
            catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
            {
                // The next time tries again.
            }
            catch (Exception defect) when (!stoppingToken.IsCancellationRequested)
            {
                onDefect(defect);
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await using var onStopping = stoppingToken.Register(() => started.TrySetCanceled(stoppingToken));
        try
        {
            await started.Task;
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is not a failure.
        }
    }
}
