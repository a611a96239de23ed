using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Redis;

public sealed class RedisConnectionTests
{
    // Fifty questions that each waited their second would take fifty; a busy machine takes some of its own.
    private static readonly TimeSpan Bounded = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_password_is_said_and_a_wrong_one_is_one_clear_line_without_it()
    {
        await using var server = await RedisServer.StartAsync("canary-of-Redis");
        await using var right = server.Connect();
        await AskAsync(right);

        await using var wrong = RedisConnections.Open($"127.0.0.1:{server.Port},password=canary-wrong");
        MeshException refused;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        do
        {
            // Until the first attempt has its answer, nobody knows more than that there is none.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            refused = await Should.ThrowAsync<MeshException>(() => AskAsync(wrong));
            refused.Reason.ShouldBe(ErrorReason.Unavailable);
        }
        while (refused.Message == $"Redis at 127.0.0.1:{server.Port} cannot be reached.");

        refused.Message.ShouldBe($"Redis at 127.0.0.1:{server.Port} refuses the password.");
        (await CheckAsync(wrong)).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Theory]
    [InlineData("canary:canary:canary,what=ever")]
    [InlineData(",password=canary")]
    [InlineData("canary:b:c,password=canary")]
    public void A_connection_string_that_cannot_be_read_stops_the_start_and_is_not_shown(string text)
    {
        var refused = Should.Throw<StartRefusedException>(() => RedisConnections.Open(text));
        refused.Message.ShouldStartWith("ConnectionStrings:Redis must be");
        refused.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_server_that_dies_and_comes_back_is_noticed_and_found_again_and_said_once()
    {
        var log = new RecordedLines();
        await using var server = await RedisServer.StartAsync();
        await using var redis = RedisConnections.Open(server.ConnectionStringAt(server.Port), log);
        await AskAsync(redis);
        (await CheckAsync(redis)).Status.ShouldBe(HealthStatus.Healthy);

        await server.KillAsync();
        for (var times = 0; times < 5; times++)
        {
            (await Should.ThrowAsync<MeshException>(() => AskAsync(redis))).Message.ShouldBe($"Redis at 127.0.0.1:{server.Port} cannot be reached.");
        }

        (await CheckAsync(redis)).Status.ShouldBe(HealthStatus.Degraded, "who has reached it before goes on without it");

        await server.RestartAsync();
        await redis.UntilItAnswersAsync();
        log.Lines.ShouldBe(
        [
            $"Redis at 127.0.0.1:{server.Port} cannot be reached. It is tried again until it answers.",
            $"Redis at 127.0.0.1:{server.Port} answers again.",
        ]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_yet_is_found_when_it_comes()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        await using var redis = server.Connect();
        await Should.ThrowAsync<MeshException>(() => AskAsync(redis));
        (await CheckAsync(redis)).Status.ShouldBe(HealthStatus.Unhealthy);
        await server.RestartAsync();
        await redis.UntilItAnswersAsync();
        (await CheckAsync(redis)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_server_that_hangs_delays_two_questions_for_a_second_and_the_next_ones_not_at_all()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = server.Connect();
        await AskAsync(redis);
        await server.PauseAsync();
        var begun = TimeProvider.System.GetTimestamp();
        for (var times = 0; times < 50; times++)
        {
            await Should.ThrowAsync<MeshException>(() => AskAsync(redis));
        }

        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Bounded);
        await server.ResumeAsync();
        await redis.UntilItAnswersAsync();
    }

    private static Task<TimeSpan> AskAsync(RedisConnection redis) => redis.AskAsync(database => database.PingAsync(), CancellationToken.None);

    private static Task<HealthCheckResult> CheckAsync(RedisConnection redis) => new RedisHealth(redis).CheckHealthAsync(new(), CancellationToken.None);

    private sealed class RecordedLines : ILogger<RedisConnection>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add(formatter(state, exception));
            }
        }
    }
}
