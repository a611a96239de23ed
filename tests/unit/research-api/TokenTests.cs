using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class TokenTests
{
    private readonly ManualTime time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_asked_for_with_a_form_and_printed_nowhere()
    {
        await using var server = LoopbackServer.Saying(LoopbackServer.Http("""{"access_token":"clt.2.canary*0","expires_in":7200,"token_type":"Bearer"}"""));
        using var client = new ResearchApiClient(new() { BaseUrl = server.Url }, time);

        var result = await client.RequestTokenAsync(new(() => "aw key", () => "s&cret=æ"), Cancel);

        var granted = result.ShouldBeOfType<TokenGranted>();
        (granted.Token, granted.Lifetime, granted.Type).ShouldBe(("clt.2.canary*0", TimeSpan.FromHours(2), "Bearer"));
        $"{granted}".ShouldNotContain("canary");
        var request = server.Requests.ShouldHaveSingleItem();
        request.ShouldStartWith("POST /v2/oauth/token/ HTTP/1.1\r\n");
        request.ShouldContain("Content-Type: application/x-www-form-urlencoded\r\n");
        request.ShouldContain("Cache-Control: no-cache\r\n");
        request.ShouldEndWith("\r\n\r\nclient_key=aw%20key&client_secret=s%26cret%3D%C3%A6&grant_type=client_credentials");
    }

    [Theory]
    [InlineData("60", 60)]
    [InlineData("59", 60)]
    [InlineData("0", 60)]
    [InlineData("-7200", 60)]
    [InlineData("\"3600\"", 3600)]
    [InlineData("3600.5", 3600.5)]
    [InlineData("1e300", 86400)]
    [InlineData("null", 7200)]
    [InlineData("\"soon\"", 7200)]
    [InlineData("{}", 7200)]
    public void A_lifetime_that_makes_no_sense_is_bounded(string expiresIn, double seconds) =>
        Read($$"""{"access_token":"clt.x","expires_in":{{expiresIn}}}""").ShouldBeOfType<TokenGranted>().Lifetime.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_missing_lifetime_is_two_hours() =>
        Read("""{"access_token":"clt.x"}""").ShouldBeOfType<TokenGranted>().ShouldSatisfyAllConditions(
            granted => granted.Lifetime.ShouldBe(TimeSpan.FromHours(2)),
            granted => granted.Type.ShouldBe("Bearer"));

    [Theory]
    [InlineData("""{"error":"invalid_client","error_description":"Client key or secret is incorrect.","log_id":"2022062218"}""", "invalid_client", true)]
    [InlineData("""{"error":"unauthorized_client"}""", "unauthorized_client", true)]
    [InlineData("""{"error":"invalid_request","access_token":""}""", "invalid_request", true)]
    [InlineData("""{"error":"temporarily_unavailable"}""", "temporarily_unavailable", false)]
    [InlineData("""{"error":"server_error"}""", "server_error", false)]
    [InlineData("""{"data":{},"error":{"code":"rate_limit_exceeded","message":"slow down","log_id":"L"}}""", "rate_limit_exceeded", false)]
    public void A_refusal_is_judged_by_its_body_whatever_the_status(string body, string code, bool permanent)
    {
        foreach (var status in (int[])[200, 400, 401, 500])
        {
            var refused = Read(body, status).ShouldBeOfType<TokenRefused>();
            (refused.Code, refused.Permanent).ShouldBe((code, permanent));
        }
    }

    [Fact]
    public void A_token_counts_whatever_the_status() => Read("""{"access_token":"clt.x"}""", 500).ShouldBeOfType<TokenGranted>();

    [Theory]
    [InlineData("")]
    [InlineData("<html>503</html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"error":{"code":"ok"}}""")]
    [InlineData("""{"access_token":"has space"}""")]
    [InlineData("""{"access_token":"new\nline"}""")]
    [InlineData("""{"access_token":17}x""")]
    public void Anything_else_is_unavailable_and_may_be_asked_again(string body) =>
        Read(body, 503).ShouldBeOfType<TokenUnavailable>().CertainlyNotSent.ShouldBeFalse();

    [Fact]
    public async Task A_token_server_that_is_away_or_silent_is_unavailable()
    {
        await using (var server = new LoopbackServer((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token)))
        {
            using var client = new ResearchApiClient(new() { BaseUrl = server.Url }, time);
            var asking = client.RequestTokenAsync(new(() => "k", () => "s"), Cancel);
            await server.FirstRequest.Task;
            time.Advance(TimeSpan.FromSeconds(30));
            (await asking).ShouldBe(new TokenUnavailable("FirstByteTimeout", CertainlyNotSent: false));
        }

        using var away = new ResearchApiClient(new() { BaseUrl = new("http://127.0.0.1:1") }, time);
        (await away.RequestTokenAsync(new(() => "k", () => "s"), Cancel)).ShouldBe(new TokenUnavailable("ConnectFailed", CertainlyNotSent: true));
    }

    private static TokenResult Read(string body, int status = 200) => TokenReader.Read(
        new() { SentAt = default, Latency = default, Target = "", RequestBody = default, Status = status, Body = Encoding.UTF8.GetBytes(body) });
}
