using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §2: the token endpoint.</summary>
public sealed class SandboxTokenTests
{
    private const string Good = "client_key=k&client_secret=s&grant_type=client_credentials";

    [Fact]
    public async Task A_form_gives_a_bearer_token_for_two_hours_and_nothing_else()
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.TokenAsync(Good);
        reply.Status.ShouldBe(200);
        reply.Root.EnumerateObject().Select(member => member.Name).ShouldBe(["access_token", "expires_in", "token_type"], ignoreOrder: true);
        reply.Root.GetProperty("access_token").GetString().ShouldStartWith("clt.");
        reply.Root.GetProperty("expires_in").GetInt64().ShouldBe(7200);
        reply.Root.GetProperty("token_type").GetString().ShouldBe("Bearer");
    }

    [Theory]
    [InlineData("client_key=k&grant_type=client_credentials", 400, "invalid_request", "Client secret is missed in request.")]
    [InlineData("client_secret=s&grant_type=client_credentials", 400, "invalid_request", "Client key is missed in request.")]
    [InlineData("client_key=k&client_secret=s&grant_type=password", 400, "unsupported_grant_type", "The grant type is not supported.")]
    [InlineData("client_key=k&client_secret=wrong&grant_type=client_credentials", 401, "invalid_client", "Client key or secret is incorrect.")]
    public async Task Token_errors_are_flat(string form, int status, string error, string description)
    {
        await using var server = await SandboxServer.StartAsync(new() { RequiredSecret = "s" }, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var message = await http.PostAsync("/v2/oauth/token/", new StringContent(form, null, "application/x-www-form-urlencoded"));
        var reply = new Reply((int)message.StatusCode, message, await message.Content.ReadAsStringAsync());
        reply.Status.ShouldBe(status);
        reply.Root.GetProperty("error").GetString().ShouldBe(error);
        reply.Root.GetProperty("error_description").GetString().ShouldBe(description);
        reply.Root.GetProperty("log_id").GetString()!.ShouldMatch("^[0-9]{14}[0-9A-F]{20}$");
    }

    [Fact]
    public async Task A_token_request_in_json_is_malformed()
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.TokenAsync("""{"client_key":"k"}""", "application/json");
        reply.Status.ShouldBe(400);
        reply.Root.GetProperty("error_description").GetString().ShouldBe("The request parameters are malformed.");
    }

    [Fact]
    public async Task OAuth_errors_can_come_with_status_200()
    {
        await using var sandbox = await StartAsync(new() { Rules = new() { OAuthErrorsWithStatus200 = true } });
        var reply = await sandbox.TokenAsync("client_key=k");
        reply.Status.ShouldBe(200);
        reply.Root.GetProperty("error").GetString().ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Only_the_named_client_is_accepted_when_one_is_named()
    {
        await using var sandbox = await StartAsync(new() { Clients = new Dictionary<string, string>(StringComparer.Ordinal) { ["key"] = "secret" } });
        (await sandbox.TokenAsync("client_key=other&client_secret=secret&grant_type=client_credentials")).Status.ShouldBe(401);
        (await sandbox.TokenAsync("client_key=key&client_secret=secret&grant_type=client_credentials")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_token_expires_after_its_lifetime_and_not_before()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(7199));
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        var refused = await sandbox.VideosAsync(Dkpol());
        refused.Status.ShouldBe(401);
        refused.Code.ShouldBe("access_token_invalid");
        refused.ErrorText.ShouldBe("The access token is invalid or not found in the request.");
        refused.Data.EnumerateObject().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Bearer clt.nobody")]
    [InlineData("Basic abc")]
    public async Task An_unknown_token_is_refused(string authorization)
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.PostAsync("/v2/research/video/query/?fields=id", Dkpol(), authorization);
        (reply.Status, reply.Code).ShouldBe((401, "access_token_invalid"));
    }

    [Fact]
    public async Task Bearer_may_be_lower_case()
    {
        await using var sandbox = await WithVideosAsync(1);
        var token = (await sandbox.TokenAsync(Good)).Root.GetProperty("access_token").GetString();
        (await sandbox.PostAsync("/v2/research/video/query/?fields=id", Dkpol(), "bearer " + token)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 401)]
    public async Task Older_tokens_live_on_unless_told_otherwise(bool revoke, int status)
    {
        await using var sandbox = await WithVideosAsync(1, options: new() { Rules = new() { RevokeOnIssue = revoke } });
        await sandbox.TokenAsync("client_key=key&client_secret=secret&grant_type=client_credentials");
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(status);
    }

    [Fact]
    public async Task The_log_holds_neither_secret_nor_token()
    {
        await using var sandbox = await WithVideosAsync(1);
        var token = (await sandbox.TokenAsync("client_key=k&client_secret=canary-secret&grant_type=client_credentials")).Root.GetProperty("access_token").GetString()!;
        await sandbox.PostAsync("/v2/research/video/query/?fields=id", Dkpol(), "Bearer " + token);
        var log = string.Join('\n', sandbox.Server.Log.All);
        log.ShouldContain("ClientKey = k");
        log.ShouldNotContain("canary-secret");
        log.ShouldNotContain(token);
    }
}
