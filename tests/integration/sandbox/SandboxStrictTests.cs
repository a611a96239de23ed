using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Tomorrow's rules: each is refused when strict, and taken today.</summary>
public sealed class SandboxStrictTests
{
    private const string Tag = """{"and":[{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}]}""";

    public static TheoryData<string, string, string, string> Narrow { get; } = new()
    {
        { "31 days", Body(Tag, "20260101", "20260131"), "id", "application/json" },
        { "blanks in fields", Body(Tag), "id, like_count", "application/json" },
        { "text/plain", Body(Tag), "id", "text/plain" },
        { "null cursor", Body(Tag, more: ",\"cursor\":null"), "id", "application/json" },
        { "null search_id", Body(Tag, more: ",\"search_id\":null"), "id", "application/json" },
        { "max_count as text", Body(Tag, more: ",\"max_count\":\"100\""), "id", "application/json" },
        { "empty lists", Body(Tag.Replace("}]}", "}],\"or\":[],\"not\":[]}", StringComparison.Ordinal)), "id", "application/json" },
        { "IN for a date", Body(Query(Condition("create_date", "IN", "20260203"))), "id", "application/json" },
        { "EQ for a count", Body(Query(Condition("view_count", "EQ", "1000"))), "id", "application/json" },
        { "101 values", Body(Query(Condition("hashtag_name", "IN", [.. Enumerable.Range(0, 101).Select(number => $"dkpol{number}")]))), "id", "application/json" },
    };

    [Theory]
    [MemberData(nameof(Narrow))]
    public async Task What_is_not_documented_is_refused_when_strict_and_taken_today(string what, string body, string fields, string type)
    {
        foreach (var (rules, status) in new[] { (SandboxRules.Strict, 400), (new SandboxRules(), 200) })
        {
            await using var sandbox = await WithVideosAsync(1, options: new() { Rules = rules });
            var reply = await sandbox.PostAsync("/v2/research/video/query/?fields=" + Uri.EscapeDataString(fields), body, type: type);
            reply.Status.ShouldBe(status, what + " " + reply.Text);
        }
    }

    [Fact]
    public async Task A_plain_request_of_thirty_days_passes_when_strict()
    {
        await using var sandbox = await WithVideosAsync(1, options: new() { Rules = SandboxRules.Strict });
        (await sandbox.VideosAsync(Body(Tag, "20260201", "20260302", ",\"max_count\":100"))).Ids.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_new_token_ends_the_old_one_when_strict()
    {
        await using var sandbox = await WithVideosAsync(1, options: new() { Rules = SandboxRules.Strict });
        await sandbox.TokenAsync("client_key=key&client_secret=secret&grant_type=client_credentials");
        (await sandbox.VideosAsync(Dkpol())).Code.ShouldBe("access_token_invalid");
    }

    [Fact]
    public async Task Section_4_six_hundred_a_minute_are_enough_when_strict()
    {
        await using var sandbox = await WithVideosAsync(1, options: new() { Rules = SandboxRules.Strict with { RequestsPerMinute = 3 } });
        var codes = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            codes.Add((await sandbox.VideosAsync(Dkpol())).Code);
        }

        codes.ShouldBe(["ok", "ok", "ok", "rate_limit_exceeded"]);
        SandboxRules.Strict.RequestsPerMinute.ShouldBe(600);
    }
}
