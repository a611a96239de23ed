using IssueObservatory.Mesh.TokenBroker;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

public sealed class PatientTokenEndpointTests
{
    private static readonly CredentialSecrets Secrets = new(new("key"), new("secret"));

    private readonly ManualTime clock = new();
    private readonly ScriptedEndpoint inner = new();

    [Fact]
    public async Task No_answer_is_asked_for_three_times_with_pauses()
    {
        inner.Instead = new TokenAnswer.Unavailable("HTTP 503");
        (await AskAsync(Patient())).ShouldBeOfType<TokenAnswer.Unavailable>();
        inner.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_ends_the_asking()
    {
        inner.Instead = new TokenAnswer.Unavailable("HTTP 503");
        var asking = Patient().RequestAsync(Secrets, CancellationToken.None);
        await clock.UntilArmedAsync(1, CancellationToken.None);
        inner.Instead = null;
        clock.Advance(TimeSpan.FromSeconds(10));
        (await asking).ShouldBeOfType<TokenAnswer.Granted>();
        inner.Requests.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_is_never_repeated(bool permanent)
    {
        inner.Instead = new TokenAnswer.Refused("invalid_client", "L1", permanent);
        (await Patient().RequestAsync(Secrets, CancellationToken.None)).ShouldBe(inner.Instead);
        inner.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task After_many_failures_the_endpoint_is_left_alone_for_a_while()
    {
        var patient = Patient();
        inner.Instead = new TokenAnswer.Unavailable("HTTP 503");
        for (var times = 0; times < 3; times++)
        {
            (await AskAsync(patient)).ShouldBeOfType<TokenAnswer.Unavailable>();
        }

        var asked = inner.Requests;
        asked.ShouldBeLessThan(9);
        (await AskAsync(patient)).ShouldBeOfType<TokenAnswer.Unavailable>().Reason.ShouldContain("left alone");
        inner.Requests.ShouldBe(asked);
        inner.Instead = null;
        clock.Advance(TimeSpan.FromSeconds(16));
        (await AskAsync(patient)).ShouldBeOfType<TokenAnswer.Granted>();
    }

    private PatientTokenEndpoint Patient() => new(inner, new(), clock, new Random(7));

    private async Task<TokenAnswer> AskAsync(PatientTokenEndpoint patient)
    {
        var asking = patient.RequestAsync(Secrets, CancellationToken.None);
        while (!asking.IsCompleted)
        {
            await Task.WhenAny(asking, clock.UntilArmedAsync(1, CancellationToken.None));
            if (!asking.IsCompleted)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
            }
        }

        return await asking;
    }
}
