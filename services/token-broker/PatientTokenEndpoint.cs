using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Asks again when there was no answer, with growing pauses; after many failures in a row it leaves the endpoint alone for a while. A refusal is never repeated.</summary>
internal sealed class PatientTokenEndpoint : ITokenEndpoint
{
    private readonly ITokenEndpoint endpoint;
    private readonly ResiliencePipeline<TokenAnswer> pipeline;

    public PatientTokenEndpoint(ITokenEndpoint endpoint, TokenBrokerOptions options, TimeProvider clock, Random random)
    {
        this.endpoint = endpoint;
        var unanswered = new PredicateBuilder<TokenAnswer>().HandleResult(answer => answer is TokenAnswer.Unavailable);
        var builder = new ResiliencePipelineBuilder<TokenAnswer> { TimeProvider = clock };
        if (options.Attempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<TokenAnswer>
            {
                ShouldHandle = unanswered,
                MaxRetryAttempts = options.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(10),
                UseJitter = true,
                Randomizer = random.NextDouble,
            });
        }

        pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<TokenAnswer>
            {
                ShouldHandle = unanswered,
                FailureRatio = 0.9,
                MinimumThroughput = 6,
                SamplingDuration = TimeSpan.FromMinutes(2),
                BreakDuration = TimeSpan.FromSeconds(15),
            })
            .Build();
    }

    /// <inheritdoc/>
    public async Task<TokenAnswer> RequestAsync(CredentialSecrets secrets, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(async token => await endpoint.RequestAsync(secrets, token), cancellationToken);
        }
        catch (BrokenCircuitException)
        {
            return new TokenAnswer.Unavailable("it failed too often in the last minutes and is left alone for some seconds");
        }
    }
}
