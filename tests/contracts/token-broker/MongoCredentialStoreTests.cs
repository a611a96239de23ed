using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

public sealed class MongoCredentialStoreTests(MongoTestServer mongo, RedisFixture redis)
    : CredentialStoreContract, IClassFixture<MongoTestServer>, IClassFixture<RedisFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CredentialKey Key = new("default", "one");

    private readonly ClusterBrokers brokers = new(mongo, redis.Server, new ManualTime(Noon));

    public async ValueTask InitializeAsync() => await redis.Server.FlushAllAsync();

    public async ValueTask DisposeAsync()
    {
        await brokers.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task A_token_that_Redis_forgot_counts_as_none_for_other_brokers_and_its_version_is_not_given_again()
    {
        var keeper = Open();
        var credential = await keeper.PutAsync(new() { Key = Key, Account = "default", WrappedKey = [1], Secrets = [2], UpdatedAt = Noon }, keepToken: false, CancellationToken.None);
        (await keeper.SaveTokenAsync(Key, credential.Revision, Token(1), CancellationToken.None)).ShouldBeTrue();
        (await redis.Server.SayAsync("PTTL", "tiktok:token:one")).ShouldNotStartWith("-");
        await redis.Server.FlushAllAsync();
        (await keeper.FindAsync(Key, CancellationToken.None))!.Token.ShouldNotBeNull();
        var other = Open();
        var seen = (await other.FindAsync(Key, CancellationToken.None))!;
        seen.Token.ShouldBeNull();
        seen.LastVersion.ShouldBe(1);
        (await other.SaveTokenAsync(Key, credential.Revision, Token(1), CancellationToken.None)).ShouldBeFalse();
        (await other.SaveTokenAsync(Key, credential.Revision, Token(2), CancellationToken.None)).ShouldBeTrue();
        (await keeper.FindAsync(Key, CancellationToken.None))!.Token.ShouldNotBeNull().Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_paused_broker_does_not_put_an_older_token_over_a_newer()
    {
        await using var connection = redis.Server.Connect();
        var clock = new ManualTime(Noon);
        await new RedisTokenCache(connection, clock).KeepAsync(Key, Token(5), CancellationToken.None);
        await new RedisTokenCache(connection, clock).KeepAsync(Key, Token(4), CancellationToken.None);
        (await new RedisTokenCache(connection, clock).FindAsync(Key, 5, CancellationToken.None)).ShouldBe(Token(5).Content);
    }

    private protected override ICredentialStore Open() => brokers.OpenStore();

    private static SealedToken Token(long version) => new() { Version = version, Content = [7, (byte)version], ObtainedAt = Noon, ExpiresAt = Noon.AddHours(2) };
}
