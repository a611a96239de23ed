using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

public sealed class EnvironmentCredentialTests : IDisposable
{
    private readonly BrokerBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Key_and_secret_become_the_credential_environment()
    {
        await StartAsync(("TIKTOK_CLIENT_KEY", BrokerBench.ClientKey), ("TIKTOK_CLIENT_SECRET", BrokerBench.ClientSecret));
        var token = await bench.GetAsync();
        token.Key.ShouldBe(new CredentialKey("default", "environment"));
        token.Account.ShouldBe("default");
        bench.Restart();
        await StartAsync(("TIKTOK_CLIENT_KEY", BrokerBench.ClientKey), ("TIKTOK_CLIENT_SECRET", BrokerBench.ClientSecret));
        (await bench.GetAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Files_win_over_variables_and_lose_their_line_end()
    {
        File.WriteAllText(bench.Folder.PathOf("secret"), "from-file\n");
        await StartAsync(("TIKTOK_CLIENT_KEY", "key"), ("TIKTOK_CLIENT_SECRET", "from-variable"), ("TIKTOK_CLIENT_SECRET_FILE", bench.Folder.PathOf("secret")));
        await bench.GetAsync();
        bench.Endpoint.Secrets.ShouldBe(["from-file"]);
    }

    [Fact]
    public async Task Without_variables_nothing_is_put()
    {
        await StartAsync();
        (await bench.Credentials.ListAsync("default", "", 10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("TIKTOK_CLIENT_KEY", "canary", "TIKTOK_CLIENT_SECRET is not")]
    [InlineData("TIKTOK_CLIENT_SECRET", "canary", "TIKTOK_CLIENT_KEY is not")]
    [InlineData("TIKTOK_CLIENT_KEY", "canary\u0001", "TIKTOK_CLIENT_KEY must be 1 to 256 characters")]
    [InlineData("TIKTOK_CLIENT_KEY_FILE", "/nowhere/canary", "TIKTOK_CLIENT_KEY_FILE must name a file")]
    public async Task Half_a_credential_or_a_bad_one_stops_the_start_with_its_name_and_without_its_value(string variable, string value, string expected)
    {
        var refused = await Should.ThrowAsync<StartRefusedException>(() => StartAsync((variable, value)));
        refused.Message.ShouldContain(expected);
        refused.Message.ShouldNotContain("canary");
    }

    private async Task StartAsync(params (string Name, string Value)[] variables)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value))).Build();
        using var credential = new EnvironmentCredential(bench.Credentials, configuration, bench.Clock, NullLogger<EnvironmentCredential>.Instance);
        await credential.StartAsync(CancellationToken.None);
    }
}
