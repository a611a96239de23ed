using Grpc.Core;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>Deadlines and cancellation, from either side.</summary>
public sealed class GrpcCancellationTests
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DateTime> _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await using var mesh = await GrpcLoopback.Start(HandlersThatWait());
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300);

        (await Should.ThrowAsync<RpcException>(async () => await mesh.Client.SayAsync("x", new CallOptions(deadline: deadline))))
            .StatusCode.ShouldBe(StatusCode.DeadlineExceeded);

        (await InTime(_cancelled.Task)).ShouldBe(deadline, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_call_without_a_deadline_has_none_at_the_server()
    {
        var deadline = DateTime.MinValue;
        await using var mesh = await GrpcLoopback.Start(new EchoHandlers
        {
            Say = (request, context) =>
            {
                deadline = context.Deadline;
                return Task.FromResult(request);
            },
        });

        await mesh.Client.SayAsync("x");

        deadline.ShouldBe(DateTime.MaxValue);
    }

    [Fact]
    public async Task A_client_that_cancels_a_call_cancels_its_handler()
    {
        await using var mesh = await GrpcLoopback.Start(HandlersThatWait());
        using var cancellation = new CancellationTokenSource();
        var response = mesh.Client.SayAsync("x", new CallOptions(cancellationToken: cancellation.Token)).ResponseAsync;

        await InTime(_entered.Task);
        await cancellation.CancelAsync();

        (await Should.ThrowAsync<RpcException>(response)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await InTime(_cancelled.Task);
    }

    [Fact]
    public async Task Disposing_a_stream_cancels_its_handler()
    {
        await using var mesh = await GrpcLoopback.Start(HandlersThatWait());
        using (var call = mesh.Client.Repeat("x"))
        {
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        }

        await InTime(_cancelled.Task);
    }

    [Fact]
    public async Task Cancelling_one_read_cancels_the_call()
    {
        await using var mesh = await GrpcLoopback.Start(HandlersThatWait());
        using var call = mesh.Client.Repeat("x");
        using var cancellation = new CancellationTokenSource();
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();

        var read = call.ResponseStream.MoveNext(cancellation.Token);
        await cancellation.CancelAsync();

        (await Should.ThrowAsync<RpcException>(read)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await InTime(_cancelled.Task);
    }

    [Fact]
    public async Task A_server_that_cancels_ends_the_clients_streams()
    {
        await using var mesh = await GrpcLoopback.Start(new EchoHandlers
        {
            Chat = (_, _, _) => throw new RpcException(new Status(StatusCode.Cancelled, "paused")),
        });
        using var call = mesh.Client.Chat();

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).Status.Detail.ShouldBe("paused");
        (await Should.ThrowAsync<RpcException>(() => call.RequestStream.WriteAsync("too late")))
            .StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    private EchoHandlers HandlersThatWait() => new()
    {
        Say = async (request, context) =>
        {
            await UntilCancelled(context);
            return request;
        },
        Repeat = async (_, responses, context) =>
        {
            await responses.WriteAsync("first");
            await UntilCancelled(context);
        },
    };

    private async Task UntilCancelled(ServerCallContext context)
    {
        _entered.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        }
        finally
        {
            _cancelled.TrySetResult(context.Deadline);
        }
    }

    private static Task InTime(Task task) => task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private static Task<T> InTime<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
}
