using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>The client's retry policy.</summary>
public sealed class GrpcRetryTests
{
    private readonly ConcurrentQueue<string?> _previousAttempts = new();

    [Fact]
    public async Task An_unavailable_server_is_asked_again()
    {
        await using var mesh = await Start(StatusCode.Unavailable);

        (await mesh.Client.SayAsync("x")).ShouldBe("x");

        _previousAttempts.ShouldBe([null, "1", "2"]);
    }

    [Fact]
    public async Task A_status_outside_the_policy_is_final()
    {
        await using var mesh = await Start(StatusCode.ResourceExhausted);

        (await Should.ThrowAsync<RpcException>(async () => await mesh.Client.SayAsync("x")))
            .StatusCode.ShouldBe(StatusCode.ResourceExhausted);

        _previousAttempts.Count.ShouldBe(1);
    }

    /// <summary>Fails twice, then answers.</summary>
    private Task<GrpcLoopback> Start(StatusCode failure) => GrpcLoopback.Start(
        new EchoHandlers
        {
            Say = (request, context) =>
            {
                _previousAttempts.Enqueue(context.RequestHeaders.GetValue("grpc-previous-rpc-attempts"));
                return _previousAttempts.Count < 3
                    ? throw new RpcException(new Status(failure, "not now"))
                    : Task.FromResult(request);
            },
        },
        client: new GrpcChannelOptions
        {
            ServiceConfig = new ServiceConfig
            {
                MethodConfigs =
                {
                    new MethodConfig
                    {
                        Names = { MethodName.Default },
                        RetryPolicy = new RetryPolicy
                        {
                            MaxAttempts = 5,
                            InitialBackoff = TimeSpan.FromMilliseconds(5),
                            MaxBackoff = TimeSpan.FromMilliseconds(20),
                            BackoffMultiplier = 2,
                            RetryableStatusCodes = { StatusCode.Unavailable },
                        },
                    },
                },
            },
        });
}
