using System.Globalization;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §5.1 and §5.2: what a query may say and what it finds.</summary>
public sealed class SandboxQueryTests
{
    [Theory]
    [InlineData("username", "EQ", "fjord.for.kommunen")]
    [InlineData("username", "IN", "fjord.for.kommunen")]
    [InlineData("region_code", "EQ", "DK")]
    [InlineData("region_code", "IN", "DK")]
    [InlineData("hashtag_name", "EQ", "dkpol")]
    [InlineData("hashtag_name", "IN", "DKPol")]
    [InlineData("keyword", "EQ", "folketinget")]
    [InlineData("keyword", "EQ", "i folketinget")]
    [InlineData("keyword", "IN", "#dkpol")]
    [InlineData("music_id", "EQ", "6800000000000000001")]
    [InlineData("effect_id", "IN", "77")]
    [InlineData("video_length", "EQ", "MID")]
    [InlineData("create_date", "EQ", "20260203")]
    [InlineData("create_date", "IN", "20260203")]
    [InlineData("create_date", "GT", "20260202")]
    [InlineData("create_date", "GTE", "20260203")]
    [InlineData("create_date", "LT", "20260204")]
    [InlineData("create_date", "LTE", "20260203")]
    [InlineData("view_count", "EQ", "1000")]
    [InlineData("view_count", "IN", "1000")]
    [InlineData("view_count", "GT", "999")]
    [InlineData("view_count", "GTE", "1000")]
    [InlineData("view_count", "LT", "1001")]
    [InlineData("view_count", "LTE", "1000")]
    [InlineData("comment_count", "GTE", "10")]
    public async Task Each_field_finds_the_one_that_fits(string field, string operation, string value)
    {
        await using var sandbox = await WithVideosAsync(0);
        var hit = Video(1) with { EffectIds = ["77"] };
        var miss = new SandboxVideo
        {
            Id = Video(2).Id,
            CreateTime = operation.StartsWith('G') ? new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero) : new(2026, 2, 20, 0, 0, 0, TimeSpan.Zero),
            Username = "klitnyt",
            RegionCode = "SE",
            DurationSeconds = 61,
            Counts = operation.StartsWith('G') ? new(9, 9, 9, 9, 9) : new(5000, 5000, 5000, 5000, 5000),
        };
        sandbox.Server.World.Add(hit);
        sandbox.Server.World.Add(miss);
        var reply = await sandbox.VideosAsync(Body(Query(Condition(field, operation, value))));
        reply.Ids.ShouldBe([hit.Id]);
    }

    [Fact]
    public async Task The_id_condition_is_called_video_id_and_unknown_ids_are_ignored()
    {
        await using var sandbox = await WithVideosAsync(3);
        var id = Video(1).Id.ToString(CultureInfo.InvariantCulture);
        (await sandbox.VideosAsync(Body(Query(Condition("video_id", "IN", id, "123456"))))).Ids.ShouldBe([Video(1).Id]);
        (await sandbox.VideosAsync(Body(Query(Condition("id", "IN", id))))).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData(14, "SHORT")]
    [InlineData(15, "MID")]
    [InlineData(60, "MID")]
    [InlineData(61, "LONG")]
    [InlineData(300, "LONG")]
    [InlineData(301, "EXTRA_LONG")]
    public async Task Video_length_has_four_classes(int seconds, string name)
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.World.Add(Video(1) with { DurationSeconds = seconds });
        foreach (var other in (string[])["SHORT", "MID", "LONG", "EXTRA_LONG"])
        {
            (await sandbox.VideosAsync(Body(Query(Condition("video_length", "EQ", other))))).Ids.Count.ShouldBe(other == name ? 1 : 0);
        }
    }

    [Fact]
    public async Task A_hashtag_with_its_sign_finds_nothing()
    {
        await using var sandbox = await WithVideosAsync(1);
        var reply = await sandbox.VideosAsync(Body(Query(Condition("hashtag_name", "EQ", "#dkpol"))));
        reply.Status.ShouldBe(200);
        reply.Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_of_and_one_of_or_none_of_not()
    {
        await using var sandbox = await WithVideosAsync(0);
        sandbox.Server.World.Add(Video(1) with { HashtagNames = ["a", "b"] });
        sandbox.Server.World.Add(Video(2) with { HashtagNames = ["a", "c"] });
        sandbox.Server.World.Add(Video(3) with { HashtagNames = ["a", "c", "d"] });
        sandbox.Server.World.Add(Video(4) with { HashtagNames = ["b", "c"] });
        var query = $$"""{"and":[{{Condition("hashtag_name", "EQ", "a")}}],"or":[{{Condition("hashtag_name", "EQ", "b")}},{{Condition("hashtag_name", "EQ", "c")}}],"not":[{{Condition("hashtag_name", "EQ", "d")}}]}""";
        (await sandbox.VideosAsync(Body(query))).Ids.ShouldBe([Video(2).Id, Video(1).Id]);
    }

    [Fact]
    public async Task Both_days_are_inclusive_and_utc()
    {
        await using var sandbox = await WithVideosAsync(0);
        DateTimeOffset[] times =
        [
            new(2026, 1, 31, 23, 59, 59, TimeSpan.Zero), new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
            new(2026, 2, 3, 23, 59, 59, TimeSpan.Zero), new(2026, 2, 4, 0, 0, 0, TimeSpan.Zero),
        ];
        foreach (var (number, time) in times.Index())
        {
            sandbox.Server.World.Add(Video(number, time));
        }

        var reply = await sandbox.VideosAsync(Body(Query(Condition("region_code", "EQ", "DK")), "20260201", "20260203"));
        reply.Ids.ShouldBe([Video(2, times[2]).Id, Video(1, times[1]).Id]);
    }

    [Theory]
    [InlineData("20260101", "20260131", 200)]
    [InlineData("20260101", "20260101", 200)]
    [InlineData("20260101", "20260201", 400)]
    [InlineData("20260102", "20260101", 400)]
    public async Task A_window_is_up_to_31_days(string start, string end, int status)
    {
        await using var sandbox = await WithVideosAsync(0);
        var reply = await sandbox.VideosAsync(Body(Query(Condition("region_code", "EQ", "DK")), start, end));
        reply.Status.ShouldBe(status);
        reply.Code.ShouldBe(status == 200 ? "ok" : "invalid_params");
    }

    [Theory]
    [InlineData("hashtag_name", "EQ", "takes exactly one value", "a", "b")]
    [InlineData("hashtag_name", "GT", "supports EQ and IN, not GT", "a")]
    [InlineData("keyword", "LTE", "supports EQ and IN, not LTE", "a")]
    [InlineData("video_id", "GT", "supports EQ and IN, not GT", "1")]
    [InlineData("view_count", "GT", "takes exactly one value", "1", "2")]
    [InlineData("hashtag_name", "eq", "operation 'eq' is not supported", "a")]
    [InlineData("likes", "EQ", "field_name 'likes' is not supported", "1")]
    [InlineData("region_code", "EQ", "'UK' is not a valid region_code", "UK")]
    [InlineData("create_date", "EQ", "'2026-02-01' is not a valid create_date", "2026-02-01")]
    [InlineData("view_count", "GT", "'ten' is not a valid view_count", "ten")]
    [InlineData("video_length", "EQ", "'short' is not a valid video_length", "short")]
    [InlineData("hashtag_name", "IN", "field_values is empty")]
    [InlineData("hashtag_name", "IN", "texts that are not empty", "")]
    public async Task A_condition_against_the_rules_is_400_and_says_why(string field, string operation, string reason, params string[] values)
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.VideosAsync(Body(Query(Condition(field, operation, values))));
        (reply.Status, reply.Code).ShouldBe((400, "invalid_params"));
        reply.ErrorText.ShouldNotBeNull().ShouldContain(reason);
        reply.Data.EnumerateObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_fault_of_a_query_is_named_at_once()
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.VideosAsync(
            Body($$"""{"and":[{{Condition("id", "IN", "1")}},{{Condition("likes", "ABOUT", "1")}}],"xor":[]}""", "2026", "20260101"),
            "id,favourites_count,title");
        reply.Status.ShouldBe(400);
        foreach (var fault in (string[])["favourites_count, title", "'id'", "'likes'", "'ABOUT'", "xor", "start_date"])
        {
            reply.ErrorText.ShouldNotBeNull().ShouldContain(fault);
        }
    }

    [Theory]
    [InlineData("""{"query":{"and":[{"operation":"EQ","field_name":"view_count","field_values":[10]}]},"start_date":"20260201","end_date":"20260202"}""", "texts")]
    [InlineData("""{"query":{},"start_date":"20260201","end_date":"20260202"}""", "at least one condition")]
    [InlineData("""{"query":{"and":[]},"start_date":"20260201","end_date":"20260202"}""", "at least one condition")]
    [InlineData("""{"start_date":"20260201","end_date":"20260202"}""", "query is required")]
    [InlineData("""{"query":{"and":[]},"end_date":"20260202"}""", "start_date is required")]
    [InlineData("""{"query":{"and":[]},"start_date":20260201,"end_date":"20260202"}""", "start_date must be")]
    [InlineData("""{"query":{"and":[]},"start_date":"20260201","end_date":"20260202","maxcount":1}""", "maxcount is unknown")]
    [InlineData("""{"query":{"and":[]},"start_date":"20260201","end_date":"20260202","search_id":7}""", "search_id must be a text")]
    [InlineData("""{"query":""", "not JSON")]
    [InlineData("[]", "must be an object")]
    public async Task A_body_against_the_rules_is_400_and_says_why(string body, string reason)
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.VideosAsync(body);
        (reply.Status, reply.Code).ShouldBe((400, "invalid_params"));
        reply.ErrorText.ShouldNotBeNull().ShouldContain(reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("video_id")]
    public async Task Fields_are_required_and_known(string? fields)
    {
        await using var sandbox = await StartAsync();
        (await sandbox.VideosAsync(Dkpol(), fields)).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData(",\"max_count\":101")]
    [InlineData(",\"max_count\":0")]
    [InlineData(",\"cursor\":-1")]
    [InlineData(",\"cursor\":100")]
    public async Task An_impossible_count_or_cursor_is_400_without_a_data_key(string more)
    {
        await using var sandbox = await WithVideosAsync(5);
        var reply = await sandbox.VideosAsync(Dkpol(more));
        (reply.Status, reply.Code, reply.ErrorText).ShouldBe((400, "invalid_params", "Invalid count or cursor"));
        reply.Root.TryGetProperty("data", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Hundreds_of_values_in_one_condition_are_accepted()
    {
        await using var sandbox = await WithVideosAsync(2);
        string[] names = [.. Enumerable.Range(0, 600).Select(number => "nobody" + number.ToString(CultureInfo.InvariantCulture)), "fjord.for.kommunen"];
        (await sandbox.VideosAsync(Body(Query(Condition("username", "IN", names))))).Ids.Count.ShouldBe(2);
    }
}
