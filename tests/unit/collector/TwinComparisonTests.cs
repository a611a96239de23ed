using System.Globalization;
using System.Text;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Random worlds: what TikTok finds for a term and what we find for it, in two answers of which each lacks something.</summary>
public sealed class TwinComparisonTests
{
    private static readonly DateTimeOffset First = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly Search Check = Search(from: "2026-01-10", to: "2026-01-12", clauses: [Tag("a")]) with { Twin = new("s", Now) };

    [Fact]
    public void Every_difference_of_two_whole_answers_is_counted_and_nothing_else()
    {
        var chance = new Random(4711);
        for (var world = 0; world < 2_000; world++)
        {
            var videos = Enumerable.Range(0, chance.Next(1, 80)).Select(i => (Id: IdOf(i, chance), Ours: chance.Next(10) > 0, Theirs: chance.Next(10) > 0, Merged: chance.Next(10) > 0)).ToList();
            var merged = videos.Where(video => video.Merged).ToDictionary(video => video.Id, video => new MergedVideo(video.Ours, IsWithin: true, Now));

            var twin = TwinComparison.Compare(Check, Answer([.. videos.Where(video => video.Theirs).Select(video => video.Id)]), merged, Now.AddMinutes(5)).Twin;

            var known = videos.Where(video => video.Merged && (video.Ours || video.Theirs)).ToList();
            twin.ShouldBe(
                known.Count == 0 ? null : new(known.Count, known.Count(video => !video.Ours), known.Count(video => !video.Theirs)),
                $"world {world}");
        }
    }

    [Fact]
    public void What_time_explains_is_no_difference()
    {
        var (old, fresh, outside) = (new MergedVideo(IsOurs: true, IsWithin: true, Now.AddMinutes(-61)), new MergedVideo(IsOurs: true, IsWithin: true, Now), new MergedVideo(IsOurs: true, IsWithin: false, Now));

        Compare(Answer("1", "new"), ("1", fresh)).ShouldBe(new(1, 0, 0), "what the merged search did not bring is new since");
        Compare(Answer("1"), ("1", fresh), ("2", old)).ShouldBe(new(1, 0, 0), "what was read an hour ago may be gone");
        Compare(Answer("1"), ("1", fresh), ("2", outside)).ShouldBe(new(1, 0, 0), "it may belong to another day");
        Compare(Answer("1"), ("1", fresh), ("2", fresh)).ShouldBe(new(2, 0, 1));
        Compare(Answer("1", "2"), ("1", old), ("2", old with { IsOurs = false })).ShouldBe(new(2, 1, 0), "what TikTok finds is there");
        Compare(Answer(), ("1", old)).ShouldBeNull("nothing is left to compare");
    }

    [Fact]
    public void Of_what_lies_behind_a_full_page_nothing_is_said()
    {
        var video = new MergedVideo(IsOurs: true, IsWithin: true, Now);
        var cut = Answer("30", "20") with { HasMore = true, LowestId = "20" };

        Compare(cut, ("30", video), ("25", video), ("20", video), ("10", video)).ShouldBe(new(3, 0, 1));
        Compare(cut with { HasMore = false, Cursor = 100 }, ("30", video), ("10", video)).ShouldBe(new(1, 0, 0), "behind exactly one full page the rest is lost at times");
        Compare(cut with { HasMore = false }, ("30", video), ("10", video)).ShouldBe(new(2, 0, 1));
    }

    [Fact]
    public void Only_the_answer_to_a_check_is_compared()
    {
        var merged = new Dictionary<string, MergedVideo> { ["1"] = new(IsOurs: false, IsWithin: true, Now) };

        TwinComparison.Compare(Check with { Twin = null }, Answer("1"), merged, Now).Twin.ShouldBeNull();
        TwinComparison.Compare(Check, Trouble(ApiErrorClass.Internal), merged, Now).Twin.ShouldBeNull();
    }

    [Fact]
    public void Pages_of_the_merged_search_are_read_as_the_normalizer_reads_them()
    {
        Dictionary<string, MergedVideo> merged = [];
        var (named, other, before, control) = (IdOf(1), IdOf(2), IdOf(-60 * 24), IdOf(3));
        TwinComparison.Add(merged, Page(Item(named, "A"), Item(other, "b"), "7", Item(before, "a"), Item(control, "a")), new HashSet<string> { named, other, before }, Check);
        TwinComparison.Add(merged, Page(Item(other, "a", "b")), new HashSet<string> { other }, Check);

        merged.Keys.ShouldBe([named, other, before], ignoreOrder: true, "a page that was kept in its name as evidence brought no video");
        (merged[named].IsOurs, merged[named].IsWithin, merged[named].ReadAt).ShouldBe((true, true, Now));
        merged[other].IsOurs.ShouldBeTrue("one of its pages was taken for the clause");
        (merged[before].IsOurs, merged[before].IsWithin).ShouldBe((true, false));
    }

    private static TwinResult? Compare(Outcome outcome, params (string Id, MergedVideo Video)[] merged) =>
        TwinComparison.Compare(Check, outcome, merged.ToDictionary(each => each.Id, each => each.Video), Now).Twin;

    private static Outcome Answer(params string[] ids) => Walks.Page(cursor: ids.Length, more: false) with { VideoIds = ids, LowestId = ids.Length > 0 ? ids.MinBy(Outcomes.Number)! : "" };

    private static string IdOf(int minutes, Random? chance = null) =>
        ((First.AddMinutes(minutes).ToUnixTimeSeconds() << 32) + (chance?.Next(1000) ?? 0)).ToString(CultureInfo.InvariantCulture);

    private static string Item(string id, params string[] tags) =>
        $$"""{"id":{{id}},"create_time":{{long.Parse(id, CultureInfo.InvariantCulture) >> 32}},"hashtag_names":[{{string.Join(',', tags.Select(tag => $"\"{tag}\""))}}]}""";

    private static RawPage Page(params string[] items)
    {
        var body = $$$"""{"data":{"videos":[{{{string.Join(',', items)}}}],"cursor":3,"has_more":false},"error":{"code":"ok","message":"","log_id":"1"}}""";
        return new()
        {
            LabId = "default", PageId = "p", SearchId = "s", Endpoint = ApiEndpoint.VideoQuery, Cursor = 0, Attempt = 0, Status = 200, Fault = "", ErrorCode = "ok", LogId = "1", Sha256 = "",
            Body = Encoding.UTF8.GetBytes(body), Target = "", RequestBody = default, Headers = new Dictionary<string, string>(), Latency = TimeSpan.Zero, GrantId = "g", CollectorVersion = "0", FetchedAt = Now, TikTokSearchId = "7",
        };
    }
}
