using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class RequestTests
{
    private static readonly VideoQueryRequest First = new()
    {
        Query = new() { And = [Condition.Eq(ConditionField.HashtagName, "dkpol")] },
        StartDate = new(2026, 1, 1),
        EndDate = new(2026, 1, 31),
        Fields = ["id", "create_time"],
    };

    [Fact]
    public void A_first_page_has_neither_cursor_nor_search_id() =>
        Encoding.UTF8.GetString(First.WriteBody()).ShouldBe(
            """{"query":{"and":[{"operation":"EQ","field_name":"hashtag_name","field_values":["dkpol"]}]},"start_date":"20260101","end_date":"20260131","max_count":100}""");

    [Fact]
    public void A_later_page_adds_them_and_a_sample_says_so() =>
        Encoding.UTF8.GetString((First with { Cursor = 100, SearchId = "7160776277492814854", IsRandom = true }).WriteBody())
            .ShouldEndWith(""","max_count":100,"cursor":100,"search_id":"7160776277492814854","is_random":true}""");

    [Fact]
    public void Fields_go_into_the_query_string() =>
        First.Target.ShouldBe("/v2/research/video/query/?fields=id,create_time");

    [Fact]
    public void A_window_of_31_days_passes_and_one_of_32_does_not()
    {
        First.Validate().ShouldBeEmpty();
        (First with { EndDate = new(2026, 1, 1) }).Validate().ShouldBeEmpty();
        (First with { EndDate = new(2026, 2, 1) }).Validate().ShouldHaveSingleItem().Path.ShouldBe("end_date");
        (First with { EndDate = new(2025, 12, 31) }).Validate().ShouldHaveSingleItem().Path.ShouldBe("end_date");
        (First with { StartDate = new(2016, 8, 31), EndDate = new(2016, 9, 1) }).Validate().ShouldHaveSingleItem().Path.ShouldBe("start_date");
        (First with { StartDate = new(2016, 9, 1), EndDate = new(2016, 9, 1) }).Validate().ShouldBeEmpty();
    }

    [Fact]
    public void Everything_else_that_TikTok_would_refuse_is_named_too() =>
        (First with { Query = new(), MaxCount = 0, Cursor = -1, SearchId = "", Fields = ["id", "nope"] })
            .Validate().Select(violation => violation.Path).ShouldBe(["query", "max_count", "cursor", "search_id", "fields"]);

    [Fact]
    public void A_profile_is_asked_for_by_name()
    {
        var request = ResearchEndpoints.UserInfo.Ask("dr.nyheder");

        request.Validate().ShouldBeEmpty();
        Encoding.UTF8.GetString(request.WriteBody()).ShouldBe("""{"username":"dr.nyheder"}""");
        request.Target.ShouldBe("/v2/research/user/info/?fields=display_name,bio_description,avatar_url,is_verified,follower_count,following_count,likes_count,video_count,bio_url");
        (request with { Subject = "@dr", Fields = [] }).Validate().Select(violation => violation.Path).ShouldBe(["username", "fields"]);
    }

    [Fact]
    public void There_are_23_video_fields_and_9_user_fields()
    {
        VideoFields.All.Distinct(StringComparer.Ordinal).Count().ShouldBe(23);
        ResearchEndpoints.UserInfo.Fields!.Names.Distinct(StringComparer.Ordinal).Count().ShouldBe(9);
    }

    [Fact]
    public void Field_lists_are_read_with_other_spellings_and_unknown_names_are_all_named()
    {
        VideoFields.Parse("id, create_time,favourites_count,id").Value.ShouldBe(["id", "create_time", "favorites_count"]);
        VideoFields.Parse("id,likes,plays").Error.ShouldNotBeNull().ShouldStartWith("fields: 'likes', 'plays' unknown; allowed are id, video_description,");
        VideoFields.Parse("id,,username").Error.ShouldNotBeNull().ShouldContain("empty name");
        VideoFields.Parse("id,,plays").Error.ShouldNotBeNull().ShouldStartWith("fields: has an empty name, 'plays' unknown; allowed are id, video_description,");
        VideoFields.Parse("").IsValid.ShouldBeFalse();
        ResearchEndpoints.UserInfo.Fields!.Parse("id").IsValid.ShouldBeFalse();
    }
}
