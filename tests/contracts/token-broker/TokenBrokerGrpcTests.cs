using Grpc.Core;
using IssueObservatory.Mesh.Contracts.Defaults;
using IssueObservatory.Mesh.TokenBroker;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Broker;

/// <summary>The service as others meet it: a real host, real gRPC, a real file, and a token endpoint on loopback.</summary>
public sealed class TokenBrokerGrpcTests : IAsyncLifetime
{
    private const string ClientKey = "canary-key-Lm33";
    private const string ClientSecret = "canary-secret-Pq55";

    private readonly TemporaryFolder folder = new();
    private readonly List<string> bodies = [];
    private WebApplication tikTok = null!;
    private string? refusal;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        tikTok = builder.Build();
        tikTok.MapPost("/v2/oauth/token/", async (HttpRequest request) =>
        {
            bodies.Add(await new StreamReader(request.Body).ReadToEndAsync());
            return refusal is null
                ? Results.Text($$"""{"access_token":"clt.canary-token-{{bodies.Count}}","expires_in":7200,"token_type":"Bearer"}""", "application/json")
                : Results.Text($$"""{"error":"{{refusal}}","error_description":"Client key or secret is incorrect.","log_id":"2026040112000000ABCD"}""", "application/json", statusCode: 401);
        });
        await tikTok.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await tikTok.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_token_comes_from_TikTok_once_and_from_the_file_afterwards()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var host = await StartAsync(("TIKTOK_CLIENT_KEY", ClientKey), ("TIKTOK_CLIENT_SECRET", ClientSecret));
            var token = await Client(host).GetAccessTokenAsync(new(), host.AsService("default"));
            token.AccessToken.ShouldBe("clt.canary-token-1");
            token.Version.ShouldBe(1);
            token.CredentialId.ShouldBe("environment");
            token.Account.ShouldBe("default");
            string.Join('\n', host.Logs.All).ShouldNotContain("canary");
        }

        bodies.ShouldBe([$"client_key={ClientKey}&client_secret={ClientSecret}&grant_type=client_credentials"]);
    }

    [Fact]
    public async Task A_rejected_token_is_replaced()
    {
        await using var host = await StartAsync(("TIKTOK_CLIENT_KEY", ClientKey), ("TIKTOK_CLIENT_SECRET", ClientSecret));
        var client = Client(host);
        await client.GetAccessTokenAsync(new(), host.AsService("default"));
        await client.ReportRejectedTokenAsync(new() { CredentialId = "environment", Version = 1, LogId = "L1" }, host.AsService("default"));
        (await client.GetAccessTokenAsync(new(), host.AsService("default"))).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_wrong_secret_is_said_in_one_line_and_a_put_clears_it()
    {
        refusal = "invalid_client";
        await using var host = await StartAsync(("TIKTOK_CLIENT_KEY", ClientKey), ("TIKTOK_CLIENT_SECRET", ClientSecret));
        var client = Client(host);
        var refused = await Should.ThrowAsync<RpcException>(async () => await client.GetAccessTokenAsync(new(), host.AsService("default")));
        refused.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        refused.Status.Detail.ShouldBe("TikTok refused the credential \"environment\": invalid_client (log_id 2026040112000000ABCD). Check TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET.");
        (await client.ListCredentialsAsync(new(), host.AsService("default"))).Credentials.ShouldHaveSingleItem().State.ShouldBe(CredentialState.Rejected);
        var check = await client.CheckCredentialAsync(new(), host.AsService("default"));
        check.Accepted.ShouldBeFalse();
        check.ErrorCode.ShouldBe("invalid_client");
        check.LogId.ShouldBe("2026040112000000ABCD");

        refusal = null;
        await client.PutCredentialAsync(new() { CredentialId = "environment", ClientKey = ClientKey, ClientSecret = "another" }, host.AsService("default"));
        (await client.GetAccessTokenAsync(new(), host.AsService("default"))).Version.ShouldBe(1);
        string.Join('\n', host.Logs.All).ShouldNotContain("canary");
    }

    [Fact]
    public async Task Credentials_are_put_listed_by_pages_checked_and_disabled_without_showing_a_secret()
    {
        await using var host = await StartAsync();
        var client = Client(host);
        (await Should.ThrowAsync<RpcException>(async () => await client.GetAccessTokenAsync(new(), host.AsService()))).Status.Detail.ShouldContain("TIKTOK_CLIENT_KEY");
        foreach (var id in new[] { "b", "a", "" })
        {
            await client.PutCredentialAsync(new() { CredentialId = id, Account = "aarhus", ClientKey = ClientKey, ClientSecret = ClientSecret }, host.AsService());
        }

        var page = await client.ListCredentialsAsync(new() { PageSize = 2 }, host.AsService());
        page.Credentials.Select(credential => credential.CredentialId).ShouldBe(["a", "b"]);
        page.Credentials[0].ClientKeyHint.ShouldBe("cana…");
        page.ToString().ShouldNotContain(ClientSecret);
        var rest = await client.ListCredentialsAsync(new() { PageSize = 2, PageToken = page.NextPageToken }, host.AsService());
        rest.Credentials.ShouldHaveSingleItem().CredentialId.ShouldBe("default");
        rest.NextPageToken.ShouldBeEmpty();
        (await client.ListCredentialsAsync(new(), host.AsService("another-lab"))).Credentials.ShouldBeEmpty();

        var check = await client.CheckCredentialAsync(new() { CredentialId = "b" }, host.AsService());
        check.Accepted.ShouldBeTrue();
        check.Lifetime.ToTimeSpan().ShouldBe(TimeSpan.FromHours(2));
        (await client.DisableCredentialAsync(new() { CredentialId = "a" }, host.AsService())).Credential.State.ShouldBe(CredentialState.Disabled);
        (await client.GetAccessTokenAsync(new(), host.AsService())).CredentialId.ShouldBe("b");
        (await Should.ThrowAsync<RpcException>(async () => await client.DisableCredentialAsync(new() { CredentialId = "zz" }, host.AsService()))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Bad_input_is_named_all_at_once_without_its_value()
    {
        await using var host = await StartAsync();
        var refused = await Should.ThrowAsync<RpcException>(async () => await Client(host).PutCredentialAsync(
            new() { CredentialId = "NOT ok", Account = new('a', 65), ClientSecret = "canary\n" }, host.AsService()));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var field in new[] { "credential_id", "account", "client_key", "client_secret" })
        {
            refused.Status.Detail.ShouldContain($"{field} must be");
        }

        refused.Status.Detail.ShouldNotContain("canary");
    }

    private static V1.TokenBroker.TokenBrokerClient Client(DefaultsHost host) => new(host.Internal);

    private Task<DefaultsHost> StartAsync(params (string Name, string Value)[] settings) => DefaultsHost.StartAsync(
        builder => builder.AddTokenBroker(),
        app => app.MapTokenBroker(),
        settings.Append((Name: "Mesh:DataFolder", Value: folder.Path)).Append((Name: "RESEARCH_API_BASE_URL", Value: tikTok.Urls.Single()))
            .ToDictionary(setting => setting.Name, setting => (string?)setting.Value, StringComparer.Ordinal),
        "token-broker");
}
