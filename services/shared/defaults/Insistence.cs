using Polly;
using Polly.Retry;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Work that must be done some time, whatever cannot be reached meanwhile.</summary>
public static class Insistence
{
    /// <summary>Does the work again, with growing pauses of up to half a minute, until it is done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="clock">Measures the pauses.</param>
    /// <param name="failed">Hears why it was not done, and how long the pause is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task UntilDoneAsync(Func<CancellationToken, Task> work, TimeProvider clock, Action<Exception, TimeSpan> failed, CancellationToken cancellationToken)
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(exception => exception is not OperationCanceledException),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(30),
                UseJitter = true,
                OnRetry = retry =>
                {
                    failed(retry.Outcome.Exception!, retry.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        await pipeline.ExecuteAsync(async token => await work(token), cancellationToken);
    }
}
