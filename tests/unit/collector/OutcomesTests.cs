using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class OutcomesTests
{
    [Fact]
    public void The_frontier_is_the_day_of_the_smallest_id_wherever_it_stands()
    {
        var page = Read(Videos((Id("2026-01-20"), "2026-01-20"), (Id("2026-01-18"), "2026-01-18"), (Id("2026-01-19"), "2026-01-19")));

        page.OldestDay.ShouldBe(new DateOnly(2026, 1, 18));
        page.NewVideos.ShouldBe(3);
    }

    [Fact]
    public void When_upload_and_creation_differ_the_later_day_is_the_frontier_so_that_none_is_lost()
    {
        Read(Videos((Id("2026-01-18"), "2026-01-20"))).OldestDay.ShouldBe(new DateOnly(2026, 1, 20));
        Read(Videos((Id("2026-01-20"), "2026-01-18"))).OldestDay.ShouldBe(new DateOnly(2026, 1, 20));
    }

    [Fact]
    public void Ids_that_tell_no_time_leave_it_to_create_time()
    {
        Read(Videos(("12", "2026-01-20"), ("11", "2026-01-18"))).OldestDay.ShouldBe(new DateOnly(2026, 1, 18));
        Read(Videos(("99999999999999999999999", "2026-01-18"))).OldestDay.ShouldBe(new DateOnly(2026, 1, 18));
        Read("""{"data":{"videos":[{"create_time":1768694400},{"create_time":1768780800}],"has_more":false},"error":{"code":"ok"}}""").OldestDay.ShouldBe(new DateOnly(2026, 1, 18));
    }

    [Fact]
    public void A_page_without_videos_has_no_frontier()
    {
        var page = Read("""{"data":{"videos":[],"cursor":200,"has_more":true,"search_id":"7"},"error":{"code":"ok","log_id":"abc"}}""");

        page.ShouldSatisfyAllConditions(
            () => page.OldestDay.ShouldBeNull(),
            () => page.HasMore.ShouldBeTrue(),
            () => page.Cursor.ShouldBe(200),
            () => page.TikTokSearchId.ShouldBe("7"),
            () => page.LogId.ShouldBe("abc"),
            () => page.NewVideos.ShouldBe(0));
    }

    [Fact]
    public void Videos_that_were_seen_before_are_not_new()
    {
        var seen = new HashSet<string>();
        var body = Videos((Id("2026-01-20"), "2026-01-20"), (Id("2026-01-19"), "2026-01-19"));

        Read(body, seen).NewVideos.ShouldBe(2);
        Read(body, seen).NewVideos.ShouldBe(0);
    }

    [Theory]
    [InlineData("<html>504 Gateway Time-out</html>", 504)]
    [InlineData("""{"data":{"videos":[{"id":1""", 200)]
    [InlineData("", 200)]
    [InlineData("{}", 200)]
    [InlineData("[]", 200)]
    [InlineData("""{"message":"bad gateway"}""", 502)]
    public void What_is_no_answer_is_never_an_empty_page(string body, int status) =>
        Outcomes.Read(Walks.Search(), Checkpoint.Start, Reply(body, status), new HashSet<string>()).Class.ShouldBe(ApiErrorClass.Unreadable);

    [Fact]
    public void A_fault_of_the_wire_is_unreadable_whatever_came_before_it()
    {
        var outcome = Outcomes.Read(Walks.Search(), Checkpoint.Start, Reply(Videos((Id("2026-01-20"), "2026-01-20")), 200) with { Fault = TransportFault.BodyTimeout }, new HashSet<string>());

        outcome.Class.ShouldBe(ApiErrorClass.Unreadable);
        outcome.Code.ShouldBe("body_timeout");
        outcome.VideoIds.ShouldBeEmpty();
    }

    private static Outcome Read(string body, ISet<string>? seen = null)
    {
        var outcome = Outcomes.Read(Walks.Search(), Checkpoint.Start, Reply(body, 200), seen ?? new HashSet<string>());
        outcome.Class.ShouldBe(ApiErrorClass.Ok);
        return outcome;
    }

    private static RawReply Reply(string body, int status) => new()
    {
        SentAt = Walks.Now,
        Latency = TimeSpan.Zero,
        Target = "/v2/research/video/query/",
        RequestBody = ReadOnlyMemory<byte>.Empty,
        Status = status,
        Body = Encoding.UTF8.GetBytes(body),
    };

    private static string Videos(params (string Id, string Day)[] videos)
    {
        var items = videos.Select(video => $"{{\"id\":{video.Id},\"create_time\":{Noon(video.Day)}}}");
        return $"{{\"data\":{{\"videos\":[{string.Join(',', items)}],\"cursor\":100,\"has_more\":true}},\"error\":{{\"code\":\"ok\"}}}}";
    }

    private static string Id(string day) => (Noon(day) << 32).ToString(CultureInfo.InvariantCulture);

    private static long Noon(string day) => new DateTimeOffset(Days.Day(day).ToDateTime(new(12, 0)), TimeSpan.Zero).ToUnixTimeSeconds();
}
