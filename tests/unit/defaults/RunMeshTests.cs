using IssueObservatory.Mesh.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Defaults;

public sealed class RunMeshTests
{
    [Fact]
    public async Task A_process_that_is_told_to_stop_before_it_has_started_just_ends()
    {
        var slow = new Slow();
        await using var app = App(slow);
        var running = app.RunMeshAsync();
        await slow.Begun.Task.WaitAsync(TestContext.Current.CancellationToken);

        app.Lifetime.StopApplication();

        await running.WaitAsync(TestContext.Current.CancellationToken);
        slow.WasCancelled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_start_that_fails_is_not_hidden()
    {
        await using var app = App(new Failing());
        await Should.ThrowAsync<OperationCanceledException>(app.RunMeshAsync);
    }

    private static WebApplication App(IHostedService service)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(service);
        return builder.Build();
    }

    private sealed class Slow : IHostedService
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool WasCancelled { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            Begun.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                WasCancelled = cancellationToken.IsCancellationRequested;
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new OperationCanceledException("not asked for");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
