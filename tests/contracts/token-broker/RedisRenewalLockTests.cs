using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

public sealed class RedisRenewalLockTests(RedisFixture fixture) : RenewalLockContract, IClassFixture<RedisFixture>, IAsyncLifetime
{
    private const string Name = "tiktok:renewal:one";
    private static readonly CredentialKey Key = new("default", "one");

    private readonly List<RedisConnection> connections = [];

    public async ValueTask InitializeAsync() => await fixture.Server.FlushAllAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_holder_that_died_loses_its_turn_and_cannot_end_the_next_ones()
    {
        // Its clock stands, so it gives no sign of life.
        var dead = new RedisRenewalLock(Connect(), new ManualTime()) { Lease = TimeSpan.FromSeconds(1) };
        var lost = (await dead.TryTakeAsync(Key, CancellationToken.None)).ShouldNotBeNull();
        IAsyncDisposable? next;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while ((next = await Open().TryTakeAsync(Key, limit.Token)) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        await lost.DisposeAsync();
        (await Open().TryTakeAsync(Key, CancellationToken.None)).ShouldBeNull();
        await next.DisposeAsync();
    }

    [Fact]
    public async Task A_holder_that_works_long_keeps_its_turn()
    {
        var clock = new ManualTime();
        var working = new RedisRenewalLock(Connect(), clock) { Lease = TimeSpan.FromSeconds(60) };
        await using var turn = (await working.TryTakeAsync(Key, CancellationToken.None)).ShouldNotBeNull();
        await fixture.Server.SayAsync("PEXPIRE", Name, "40000");
        clock.Advance(TimeSpan.FromSeconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (int.Parse(await fixture.Server.SayAsync("PTTL", Name), System.Globalization.CultureInfo.InvariantCulture) < 50_000)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private protected override IRenewalLock Open() => new RedisRenewalLock(Connect(), TimeProvider.System);

    private RedisConnection Connect()
    {
        var connection = fixture.Server.Connect();
        connections.Add(connection);
        return connection;
    }
}
