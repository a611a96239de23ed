using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.TokenBroker;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

public sealed class AccessTokensTests : IDisposable
{
    private static readonly TokenAnswer.Refused InvalidClient = new("invalid_client", "202604011200000000000000000000ABCD", Permanent: true);

    private readonly BrokerBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_hundred_callers_at_once_cost_one_question()
    {
        await bench.PutAsync();
        var gate = new TaskCompletionSource();
        bench.Endpoint.Gate = gate.Task;
        var callers = Enumerable.Range(0, 100).Select(_ => Task.Run(() => bench.GetAsync())).ToArray();
        await UntilAsync(() => bench.Endpoint.Requests > 0);
        gate.SetResult();
        var tokens = await Task.WhenAll(callers);
        tokens.Select(token => token.Value.Reveal()).Distinct(StringComparer.Ordinal).ShouldBe(["canary-token-1-Kp42"]);
        tokens.ShouldAllBe(token => token.Version == 1);
        bench.Endpoint.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_does_not_stop_the_others()
    {
        await bench.PutAsync();
        var gate = new TaskCompletionSource();
        bench.Endpoint.Gate = gate.Task;
        using var hungUp = new CancellationTokenSource();
        var first = bench.Tokens.GetAsync("default", "", hungUp.Token);
        var second = bench.GetAsync();
        await hungUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        gate.SetResult();
        (await second).Version.ShouldBe(1);
        bench.Endpoint.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(7200, 600)]
    [InlineData(60, 5)]
    public async Task A_token_is_renewed_when_less_than_the_margin_is_left(int lifetimeSeconds, int marginSeconds)
    {
        bench.Endpoint.Lifetime = TimeSpan.FromSeconds(lifetimeSeconds);
        await bench.PutAsync();
        (await bench.GetAsync()).Version.ShouldBe(1);
        bench.Clock.Advance(TimeSpan.FromSeconds(lifetimeSeconds - marginSeconds));
        (await bench.GetAsync()).Version.ShouldBe(1);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        var renewed = await bench.GetAsync();
        renewed.Version.ShouldBe(2);
        renewed.ExpiresAt.ShouldBe(bench.Clock.GetUtcNow().AddSeconds(lifetimeSeconds));
    }

    [Fact]
    public async Task A_restart_keeps_the_token()
    {
        await bench.PutAsync();
        var before = await bench.GetAsync();
        bench.Restart();
        (await bench.GetAsync()).ShouldBe(before);
        bench.Endpoint.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_rejected_version_brings_a_newer_token_once_and_an_older_version_changes_nothing()
    {
        await bench.PutAsync();
        await bench.GetAsync();
        await bench.Tokens.ReportRejectedAsync(BrokerBench.Key, 1, "", CancellationToken.None);
        (await bench.GetAsync()).Version.ShouldBe(2);
        await bench.Tokens.ReportRejectedAsync(BrokerBench.Key, 1, "", CancellationToken.None);
        (await bench.GetAsync()).Version.ShouldBe(2);
        bench.Endpoint.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Without_a_credential_people_are_told_what_to_set()
    {
        var error = await Should.ThrowAsync<MeshException>(() => bench.GetAsync());
        error.Reason.ShouldBe(ErrorReason.NoCredential);
        error.Message.ShouldContain("TIKTOK_CLIENT_KEY");
        (await Should.ThrowAsync<MeshException>(() => bench.GetAsync("nothing"))).Reason.ShouldBe(ErrorReason.NoCredential);
    }

    [Fact]
    public async Task The_first_usable_credential_in_order_of_id_is_taken()
    {
        await bench.PutAsync("b");
        await bench.PutAsync("a");
        (await bench.GetAsync()).Key.CredentialId.ShouldBe("a");
        await bench.Credentials.DisableAsync(new("default", "a"), CancellationToken.None);
        (await bench.GetAsync()).Key.CredentialId.ShouldBe("b");
        (await Should.ThrowAsync<MeshException>(() => bench.GetAsync("a"))).Reason.ShouldBe(ErrorReason.NoCredential);
        (await Should.ThrowAsync<MeshException>(() => bench.Tokens.GetAsync("other", "b", CancellationToken.None))).Reason.ShouldBe(ErrorReason.NoCredential);
    }

    [Fact]
    public async Task A_permanent_refusal_ends_the_credential_until_it_is_put_again()
    {
        await bench.Credentials.PutAsync(new("default", "environment"), "default", new(new(BrokerBench.ClientKey), new(BrokerBench.ClientSecret)), CancellationToken.None);
        bench.Endpoint.Instead = InvalidClient;
        for (var times = 0; times < 2; times++)
        {
            var error = await Should.ThrowAsync<MeshException>(() => bench.GetAsync());
            error.Reason.ShouldBe(ErrorReason.CredentialRejected);
            error.Message.ShouldBe("TikTok refused the credential \"environment\": invalid_client (log_id 202604011200000000000000000000ABCD). Check TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET.");
            error.Metadata.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = "invalid_client", ["log_id"] = InvalidClient.LogId, ["credential_id"] = "environment" }, ignoreOrder: true);
            bench.Restart();
        }

        bench.Endpoint.Requests.ShouldBe(1);
        bench.Events.Published.ShouldHaveSingleItem().ShouldBe(
            new CredentialRejected { LabId = "default", CredentialId = "environment", Account = "default", Code = "invalid_client", LogId = InvalidClient.LogId });

        bench.Endpoint.Instead = null;
        await bench.PutAsync("environment");
        (await bench.GetAsync()).Version.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_passing_trouble_is_unavailable_and_ends_nothing(bool refused)
    {
        await bench.PutAsync();
        bench.Endpoint.Instead = refused ? new TokenAnswer.Refused("temporarily_unavailable", "L1", Permanent: false) : new TokenAnswer.Unavailable("HTTP 503");
        var error = await Should.ThrowAsync<MeshException>(() => bench.GetAsync());
        error.Reason.ShouldBe(ErrorReason.Unavailable);
        error.RetryAfter.ShouldNotBeNull();
        bench.Events.Published.ShouldBeEmpty();
        bench.Endpoint.Instead = null;
        (await bench.GetAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_comes_for_an_older_secret_is_not_kept()
    {
        await bench.PutAsync();
        var gate = new TaskCompletionSource();
        bench.Endpoint.Gate = gate.Task;
        var waiting = bench.GetAsync();
        await UntilAsync(() => bench.Endpoint.Requests == 1);
        await bench.PutAsync(secret: "canary-secret-new");
        gate.SetResult();
        (await waiting).Value.Reveal().ShouldBe("canary-token-2-Kp42");
        bench.Endpoint.Secrets.ShouldBe([BrokerBench.ClientSecret, "canary-secret-new"]);
    }

    [Fact]
    public async Task The_same_secret_put_again_keeps_its_token_and_another_does_not()
    {
        await bench.PutAsync();
        await bench.GetAsync();
        await bench.PutAsync();
        (await bench.GetAsync()).Version.ShouldBe(1);
        await bench.PutAsync(secret: "canary-secret-new");
        (await bench.GetAsync()).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_check_asks_TikTok_and_says_what_came_of_it()
    {
        await bench.PutAsync();
        await bench.GetAsync();
        (await bench.Tokens.CheckAsync("default", "", CancellationToken.None)).ShouldBeOfType<TokenAnswer.Granted>().Lifetime.ShouldBe(TimeSpan.FromHours(2));
        (await bench.GetAsync()).Version.ShouldBe(2);

        bench.Endpoint.Instead = InvalidClient;
        (await bench.Tokens.CheckAsync("default", "one", CancellationToken.None)).ShouldBe(InvalidClient);
        (await Should.ThrowAsync<MeshException>(() => bench.GetAsync())).Reason.ShouldBe(ErrorReason.CredentialRejected);

        bench.Endpoint.Instead = null;
        await bench.Tokens.CheckAsync("default", "one", CancellationToken.None);
        (await bench.GetAsync()).Version.ShouldBe(3);
    }

    [Fact]
    public async Task An_endpoint_that_never_answers_ends_by_the_deadline()
    {
        await bench.PutAsync();
        bench.Endpoint.Gate = new TaskCompletionSource().Task;
        var waiting = bench.GetAsync();
        await UntilAsync(() => bench.Endpoint.Requests == 1);
        bench.Clock.Advance(TimeSpan.FromSeconds(100));
        (await Should.ThrowAsync<MeshException>(waiting)).Reason.ShouldBe(ErrorReason.Unavailable);
    }

    [Fact]
    public async Task Another_key_file_gives_one_clear_error_and_a_put_heals_it()
    {
        await bench.PutAsync();
        await bench.GetAsync();
        File.Delete(bench.Folder.PathOf(MasterKey.FileName));
        bench.Restart();
        var error = await Should.ThrowAsync<MeshException>(() => bench.GetAsync());
        error.Reason.ShouldBe(ErrorReason.NoCredential);
        error.Message.ShouldContain("another key file");
        await bench.PutAsync();
        (await bench.GetAsync()).Version.ShouldBe(2);
    }

    [Fact]
    public async Task No_secret_is_in_a_file_a_log_an_error_or_an_event()
    {
        await bench.PutAsync();
        var token = await bench.GetAsync();
        bench.Log.Text.ShouldContain("good for");
        bench.Endpoint.Instead = InvalidClient;
        await bench.Tokens.ReportRejectedAsync(BrokerBench.Key, 1, "L1", CancellationToken.None);
        var error = await Should.ThrowAsync<MeshException>(() => bench.GetAsync());
        var stored = (await bench.Store.FindAsync(BrokerBench.Key, CancellationToken.None))!;
        var texts = string.Join('\n', bench.Log.Text, error, string.Join(',', error.Metadata), string.Join(',', bench.Events.Published), token, stored);
        var files = Directory.GetFiles(bench.Folder.Path);
        files.Length.ShouldBeGreaterThanOrEqualTo(2);
        foreach (var canary in new[] { BrokerBench.ClientKey, BrokerBench.ClientSecret, token.Value.Reveal() })
        {
            texts.ShouldNotContain(canary);
            foreach (var file in files)
            {
                ReadShared(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(canary)).ShouldBe(-1, Path.GetFileName(file));
            }
        }
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
