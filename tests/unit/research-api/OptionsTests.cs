using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class OptionsTests
{
    [Fact]
    public void Nothing_set_means_TikTok_itself()
    {
        var (options, violations) = Read(null, null);

        violations.ShouldBeEmpty();
        options.BaseUrl.ShouldBe(new Uri("https://open.tiktokapis.com"));
        options.IsRealHost.ShouldBeTrue();
        (options.ConnectTimeout.TotalSeconds, options.FirstByteTimeout.TotalSeconds, options.WholeTimeout.TotalSeconds).ShouldBe((10, 250, 300));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5090")]
    [InlineData("http://localhost:5090/")]
    [InlineData("http://[::1]:5090")]
    [InlineData("https://sandbox.example.org:8443")]
    public void Loopback_may_be_plain_and_any_host_may_be_https(string url)
    {
        var (options, violations) = Read(url, null);

        violations.ShouldBeEmpty();
        options.BaseUrl.ShouldBe(new Uri(url));
        options.IsRealHost.ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://open.tiktokapis.com", "plain http is for loopback only")]
    [InlineData("http://127.0.0.1.evil.example", "plain http is for loopback only")]
    [InlineData("https://open.tiktokapis.com/v2", "scheme, host and port only")]
    [InlineData("https://open.tiktokapis.com/?x=1", "scheme, host and port only")]
    [InlineData("https://key:secret@open.tiktokapis.com", "scheme, host and port only")]
    [InlineData("https://open.tiktokapis.com#x", "scheme, host and port only")]
    [InlineData("ftp://127.0.0.1", "must begin with https://")]
    [InlineData("127.0.0.1", "must be scheme, host and port")]
    public void Anything_else_is_refused_by_the_setting_s_name(string url, string why)
    {
        var (options, violations) = Read(url, null);

        var violation = violations.ShouldHaveSingleItem();
        violation.Path.ShouldBe("RESEARCH_API_BASE_URL");
        violation.Message.ShouldContain(why);
        violation.Message.ShouldNotContain("secret");
        options.BaseUrl.ShouldBe(ResearchApiOptions.RealHost);
    }

    [Theory]
    [InlineData("5", 5, 300)]
    [InlineData("250", 250, 300)]
    [InlineData("600", 600, 650)]
    public void The_whole_time_out_leaves_room_after_the_first_byte(string seconds, int firstByte, int whole)
    {
        var (options, violations) = Read(null, seconds);

        violations.ShouldBeEmpty();
        (options.FirstByteTimeout.TotalSeconds, options.WholeTimeout.TotalSeconds).ShouldBe((firstByte, whole));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("999999")]
    public void Bad_seconds_are_refused(string seconds) =>
        Read(null, seconds).Violations.ShouldHaveSingleItem().Path.ShouldBe("RESEARCH_API_FIRST_BYTE_SECONDS");

    [Fact]
    public void A_client_is_not_made_from_bad_options()
    {
        var refused = Should.Throw<ArgumentException>(() => new ResearchApiClient(new() { BaseUrl = new("http://example.org"), LargestBody = 1, ConnectTimeout = TimeSpan.Zero }, TimeProvider.System));

        refused.Message.ShouldContain("RESEARCH_API_BASE_URL, ConnectTimeout, LargestBody");
    }

    private static (ResearchApiOptions Options, IReadOnlyList<Violation> Violations) Read(string? url, string? seconds) =>
        ResearchApiOptions.Read(name => name switch
        {
            "RESEARCH_API_BASE_URL" => url,
            "RESEARCH_API_FIRST_BYTE_SECONDS" => seconds,
            _ => null,
        });
}
