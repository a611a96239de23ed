using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using QuotaGovernorClient = IssueObservatory.Mesh.V1.QuotaGovernor.QuotaGovernorClient;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>A service with two processes, seen from one that calls it; a proxy before each lets it die and come back.</summary>
public sealed class SeveralAddressesTests : IAsyncLifetime
{
    private static readonly InternalKey Key = new(AccessKey.Create());
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Replica[] replicas = [new(), new()];
    private DefaultsHost caller = null!;

    private QuotaGovernorClient Client => caller.Services.GetRequiredService<QuotaGovernorClient>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var replica in replicas)
        {
            await replica.StartAsync();
        }

        caller = await DefaultsHost.StartAsync(
            builder => builder.Services.AddSingleton(Key).AddMeshClient<QuotaGovernorClient>("quota-governor"),
            settings: new Dictionary<string, string?> { ["Services:quota-governor"] = string.Join(" , ", replicas.Select(replica => replica.Proxy.Address)) },
            services: ["collector"]);
    }

    public async ValueTask DisposeAsync()
    {
        await caller.DisposeAsync();
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task Each_gets_its_turn()
    {
        await UntilBothAreUsedAsync();
        var before = replicas.Select(replica => replica.Calls).ToList();

        for (var call = 0; call < 10; call++)
        {
            await CallAsync();
        }

        replicas.Select((replica, i) => replica.Calls - before[i]).ShouldBe([5, 5]);
    }

    [Fact]
    public async Task Calls_go_on_when_one_dies_and_use_it_again_when_it_is_back()
    {
        await UntilBothAreUsedAsync();

        replicas[0].Proxy.Refuse();
        for (var call = 0; call < 50; call++)
        {
            await CallAsync();
        }

        replicas[0].Proxy.Heal();
        await UntilBothAreUsedAsync();
    }

    [Fact]
    public async Task A_call_on_its_way_to_the_one_that_dies_is_made_again_at_the_other()
    {
        await UntilBothAreUsedAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        replicas[0].Behaviour.OnCall = async context =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        };

        var calls = Task.WhenAll(CallAsync(), CallAsync());
        await arrived.Task.WaitAsync(Patience, Token);
        replicas[0].Proxy.Refuse();

        await calls.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task What_one_that_stands_still_does_not_answer_the_other_does()
    {
        await UntilBothAreUsedAsync();
        replicas[0].Proxy.Hold();

        for (var call = 0; call < 4; call++)
        {
            await CallAsync().WaitAsync(Patience, Token);
        }

        replicas[0].Proxy.Heal();
        await UntilBothAreUsedAsync();
    }

    [Fact]
    public async Task A_connection_that_breaks_against_the_protocol_is_a_service_that_cannot_be_reached()
    {
        await UntilBothAreUsedAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        replicas[0].Behaviour.OnCall = replicas[1].Behaviour.OnCall = context =>
        {
            arrived.TrySetResult();

            // The server resets the stream, or the whole connection, without an answer.
            context.GetHttpContext().Abort();
            throw new IOException("aborted");
        };

        (await Should.ThrowAsync<MeshException>(CallAsync)).Reason.ShouldBe(ErrorReason.Unavailable);
        arrived.Task.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stop_of_one_process_under_load_fails_no_call()
    {
        await UntilBothAreUsedAsync();
        foreach (var replica in replicas)
        {
            replica.Behaviour.OnCall = _ => Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        }

        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await CallAsync();
            }
        })).ToList();

        await replicas[0].StopAsync();
        await enough.CancelAsync();

        await Task.WhenAll(callers).WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task When_both_are_gone_the_caller_is_told_so_and_not_kept_waiting()
    {
        await UntilBothAreUsedAsync();
        replicas[0].Proxy.Refuse();
        replicas[1].Proxy.Refuse();
        var begun = TimeProvider.System.GetTimestamp();

        var refused = await Should.ThrowAsync<MeshException>(CallAsync);

        refused.Reason.ShouldBe(ErrorReason.Unavailable);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        replicas[1].Proxy.Heal();
        await UntilAsync(async () =>
        {
            try
            {
                await CallAsync();
                return true;
            }
            catch (MeshException)
            {
                return false;
            }
        });
    }

    [Theory]
    [InlineData(ErrorReason.Unavailable)]
    [InlineData(ErrorReason.Internal)]
    [InlineData(ErrorReason.QuotaExhausted)]
    [InlineData(ErrorReason.StateForbids)]
    public async Task What_a_service_has_decided_is_not_asked_of_the_other(ErrorReason reason)
    {
        await UntilBothAreUsedAsync();
        var before = replicas.Sum(replica => replica.Calls);
        foreach (var replica in replicas)
        {
            replica.Behaviour.OnCall = _ => throw new MeshException(reason, "Decided.") { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        (await Should.ThrowAsync<MeshException>(CallAsync)).Reason.ShouldBe(reason);

        replicas.Sum(replica => replica.Calls).ShouldBe(before + 1);
    }

    private async Task CallAsync() => await Client.ReserveQuotaAsync(new ReserveQuotaRequest(), GrpcLab.For("lab-1"), cancellationToken: Token);

    private async Task UntilBothAreUsedAsync()
    {
        var before = replicas.Select(replica => replica.Calls).ToList();
        await UntilAsync(async () =>
        {
            await CallAsync();
            return replicas.Select((replica, i) => replica.Calls > before[i]).All(isUsed => isUsed);
        });
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }

    private sealed class Replica : IAsyncDisposable
    {
        private DefaultsHost host = null!;

        public Behaviour Behaviour { get; } = new();

        public TcpProxy Proxy { get; private set; } = null!;

        public int Calls => Behaviour.Calls;

        public async Task StartAsync()
        {
            host = await DefaultsHost.StartAsync(
                builder => builder.Services.AddSingleton(Key).AddSingleton(Behaviour),
                app => app.MapGrpcService<FakeGovernor>(),
                services: ["quota-governor"]);
            Proxy = TcpProxy.Start(host.Services.GetRequiredService<MeshListeners>().Internal.Port);
        }

        /// <summary>As a service manager does.</summary>
        public Task StopAsync() => host.App.StopAsync();

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await host.DisposeAsync();
        }
    }
}
