using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

/// <summary>Two brokers behave like one, and what becomes of them without Redis.</summary>
public sealed class TwoBrokersTests(MongoTestServer mongo) : IClassFixture<MongoTestServer>, IAsyncLifetime
{
    private static readonly CredentialKey Key = new("default", "one");

    private readonly ManualTime clock = new();
    private RedisServer redis = null!;
    private ClusterBrokers brokers = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await RedisServer.StartAsync();
        brokers = new(mongo, redis, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await brokers.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task They_ask_TikTok_once()
    {
        var (first, credentials) = brokers.Open();
        var (second, _) = brokers.Open();
        await PutAsync(credentials);
        var gate = new TaskCompletionSource();
        brokers.TikTok.Gate = gate.Task;
        var callers = Enumerable.Range(0, 20).Select(caller => GetAsync(caller % 2 == 0 ? first : second)).ToArray();
        await UntilAsync(() => brokers.TikTok.Questions > 0);
        gate.SetResult();
        var tokens = await Task.WhenAll(callers);
        tokens.ShouldAllBe(token => token.Version == 1 && token.Value.Reveal() == "token-1");
        brokers.TikTok.Questions.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_is_counted_and_not_kept_yet_when_the_other_looks_is_the_others_too()
    {
        var (first, credentials) = brokers.Open();
        await PutAsync(credentials);
        await GetAsync(first);
        var token = (await brokers.OpenStore().FindAsync(Key, CancellationToken.None))!.Token!;
        await redis.FlushAllAsync();
        var (second, _) = brokers.Open(beforeTurn: () => brokers.OpenCache().KeepAsync(Key, token, CancellationToken.None));

        (await GetAsync(second)).Value.Reveal().ShouldBe("token-1");

        brokers.TikTok.Questions.ShouldBe(1);
    }

    [Fact]
    public async Task A_rejected_token_is_replaced_for_both_by_one_question()
    {
        var (first, credentials) = brokers.Open();
        var (second, _) = brokers.Open();
        await PutAsync(credentials);
        await GetAsync(first);
        await GetAsync(second);
        await second.ReportRejectedAsync(Key, 1, "", CancellationToken.None);
        (await GetAsync(first)).Version.ShouldBe(2);
        (await GetAsync(second)).Value.Reveal().ShouldBe("token-2");
        brokers.TikTok.Questions.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_environment_put_by_both_disturbs_no_question_on_its_way()
    {
        var (first, credentials) = brokers.Open();
        var (_, others) = brokers.Open();
        await PutAsync(credentials);
        var gate = new TaskCompletionSource();
        brokers.TikTok.Gate = gate.Task;
        var waiting = GetAsync(first);
        await UntilAsync(() => brokers.TikTok.Questions > 0);
        await PutAsync(others);
        gate.SetResult();
        (await waiting).Version.ShouldBe(1);
        brokers.TikTok.Questions.ShouldBe(1);
    }

    [Fact]
    public async Task Without_Redis_a_broker_serves_what_it_holds_and_says_plainly_what_it_cannot_do()
    {
        var (first, credentials) = brokers.Open();
        var (second, _) = brokers.Open();
        await PutAsync(credentials);
        var held = await GetAsync(first);
        await redis.KillAsync();
        (await GetAsync(first)).ShouldBe(held);
        var refused = await Should.ThrowAsync<MeshException>(() => GetAsync(second));
        refused.Reason.ShouldBe(ErrorReason.Unavailable);
        refused.Message.ShouldBe($"No token can be asked for now, because it cannot be agreed whose turn it is: Redis at 127.0.0.1:{redis.Port} cannot be reached.");
        brokers.TikTok.Questions.ShouldBe(1);

        // Redis comes back with nothing: the second asks for a token of its own, and the first takes that from then on.
        await redis.RestartAsync();
        AccessToken? renewed = null;
        await UntilAsync(async () =>
        {
            try
            {
                renewed = await GetAsync(second);
                return true;
            }
            catch (MeshException)
            {
                return false;
            }
        });
        renewed!.Version.ShouldBe(2);
        (await GetAsync(first)).Version.ShouldBe(2);
    }

    private static Task<AccessToken> GetAsync(AccessTokens tokens) => tokens.GetAsync("default", "", CancellationToken.None);

    private static Task PutAsync(CredentialBook credentials) => credentials.PutAsync(Key, "default", new(new("key"), new("secret")), CancellationToken.None);

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
