using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.ResearchApi.ResearchEndpoints;
using static IssueObservatory.Mesh.Tests.ResearchApi.Quirks.Answers;

namespace IssueObservatory.Mesh.Tests.ResearchApi.Quirks;

/// <summary>Video query: §0 and §5 of the contract.</summary>
public sealed class VideoQuirks
{
    private static readonly VideoQueryRequest January = new()
    {
        Query = new VideoQuery().AllOf(Condition.Eq(ConditionField.VideoId, "1")),
        StartDate = new(2026, 1, 1),
        EndDate = new(2026, 1, 31),
    };

    [Fact]
    public void S0_1_ids_are_asked_for_as_video_id_and_read_as_id()
    {
        Body(January).ShouldContain("\"field_name\":\"video_id\"");
        QueryFileReader.Read("""{"and":[{"operation":"EQ","field_name":"id","field_values":["1"]}]}""").Violations.ShouldHaveSingleItem().Message.ShouldContain("video_id");
        Good(Videos, """{"videos":[{"id":7},{"video_id":8}]}""").Items.Select(item => item.Id).ShouldBe(["7", "8"]);
    }

    [Fact]
    public void S0_2_ids_are_numbers_or_text_of_any_length_and_search_ids_too()
    {
        var page = Good(Videos, """{"videos":[{"id":7345557461438385450},{"id":"7345557461438385449"},{"id":123123123123123123123}],"search_id":7160776277492814854}""");

        Items<VideoItem>(page).Select(video => video.Id).ShouldBe(["7345557461438385450", "7345557461438385449", "123123123123123123123"]);
        page.SearchId.ShouldBe("7160776277492814854");
    }

    [Fact]
    public void S0_3_an_absent_count_is_none_and_a_zero_is_zero_in_whatever_order()
    {
        var page = Good(Videos, """{"videos":[{"id":1,"view_count":0},{"view_count":0,"share_count":2,"id":2}]}""");

        Items<VideoItem>(page).Select(video => (video.ViewCount, video.LikeCount, video.ShareCount)).ShouldBe([(0, null, null), (0, null, 2)]);
    }

    [Fact]
    public void S0_4_the_cursor_counts_what_was_dropped_and_more_is_what_the_page_says()
    {
        var page = Good(Videos, """{"videos":[{"id":1}],"cursor":100,"has_more":true}""");
        Videos.After(0, page, asked: 100).ShouldBe(100);

        var last = Good(Videos, """{"videos":[{"id":2}],"cursor":145,"has_more":false}""");
        Videos.After(100, last, asked: 100).ShouldBeNull();
    }

    [Fact]
    public void S0_5_both_ends_are_inclusive_one_day_is_a_window_and_32_days_are_none()
    {
        Body(January with { EndDate = new(2026, 1, 1) }).ShouldContain("\"start_date\":\"20260101\",\"end_date\":\"20260101\"");
        January.Validate().ShouldBeEmpty();
        Refused(January with { EndDate = new(2026, 2, 1) }).ShouldBe(["end_date"]);
    }

    [Theory]
    [InlineData("invalid_params", "Search Id 7160776277492814854 is invalid or expired, please try again", 400)]
    [InlineData("invalid_params", "Invalid count or cursor", 400)]
    [InlineData("internal_error", "Something went wrong. Please try again later.", 500)]
    public void S0_6_a_search_id_that_is_not_ready_is_waited_for(string code, string message, int status) =>
        Error(Videos, code, message, status).Reaction.ShouldBe(ApiReaction.Repeat);

    [Fact]
    public void S0_9_regions_in_small_letters_are_the_same_regions()
    {
        var video = Item<VideoItem>("""{"id":1,"region_code":"us"}""");

        (video.RegionCode, video.RegionCodeAsSent).ShouldBe(("US", "us"));
    }

    [Fact]
    public void S5_1_max_count_is_always_sent_and_a_cursor_of_zero_never()
    {
        Body(January).ShouldEndWith("\"end_date\":\"20260131\",\"max_count\":100}");
        Refused(January with { MaxCount = 101, Cursor = -1 }).ShouldBe(["max_count", "cursor"]);
    }

    [Fact]
    public void S5_2_everything_that_the_API_would_refuse_is_named_at_once()
    {
        var query = new VideoQuery()
            .AllOf(new Condition(ConditionField.Keyword, ConditionOperation.Eq, ["a", "b"]), new Condition(ConditionField.Username, ConditionOperation.Gte, ["a"]))
            .AnyOf(Condition.Eq(ConditionField.HashtagName, "#dkpol"), Condition.In(ConditionField.RegionCode, []))
            .NoneOf(Condition.Eq(ConditionField.RegionCode, "UK"), Condition.Eq(ConditionField.CreateDate, "2026-01-01"));

        Refused(January with { Query = query, EndDate = new(2026, 2, 1), Fields = ["plays"] }).ShouldBe(
        [
            "query.and[0].field_values", "query.and[1].operation", "query.or[0].field_values[0]", "query.or[1].field_values",
            "query.not[0].field_values[0]", "query.not[1].field_values[0]", "end_date", "fields",
        ]);
    }

    [Fact]
    public void S5_2_limits_that_nobody_knows_hold_only_when_they_are_set()
    {
        var query = new VideoQuery().AllOf(Condition.In(ConditionField.Username, Enumerable.Range(0, 500).Select(i => $"user{i}")), Condition.Eq(ConditionField.RegionCode, "DK"));

        VideoQueryValidator.Validate(query).ShouldBeEmpty();
        VideoQueryValidator.Validate(query, limits: new() { MostConditions = 1, MostValues = 499 }).Select(violation => violation.Path).ShouldBe(["query", "query.and[0].field_values"]);
        VideoQueryValidator.Validate(query, limits: new() { MostConditions = 2, MostValues = 500 }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"videos":[],"cursor":0,"has_more":false,"search_id":"1"}""")]
    [InlineData("""{"videos":null,"has_more":false}""")]
    [InlineData("""{"has_more":false}""")]
    [InlineData("{}")]
    [InlineData("null")]
    public void S5_3_no_results_are_a_success_in_any_shape(string data)
    {
        var page = Good(Videos, data);

        (page.Error.IsOk, page.Items.Count, page.HasMore).ShouldBe((true, 0, false));
    }

    [Fact]
    public void S5_4_a_NUL_in_a_username_is_stripped() =>
        Item<VideoItem>("""{"id":1,"username":"user\u0000name"}""").Username.ShouldBe("username");

    [Theory]
    [InlineData("favorites_count")]
    [InlineData("favourites_count")]
    public void S5_4_favorites_have_two_spellings(string name)
    {
        var video = Item<VideoItem>($$"""{"id":1,"{{name}}":5}""");

        video.FavoritesCount.ShouldBe(5);
        video.UnknownFields.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("effect_photo_url")]
    [InlineData("effect_photo_URI")]
    public void S5_4_the_photo_of_an_effect_has_two_spellings(string name) =>
        Item<VideoItem>($$"""{"id":1,"effect_info_list":[{"effect_id":3,"effect_name":"e","{{name}}":"u"}]}""").EffectInfoList.ShouldBe([new EffectInfo("3", "e", "u")]);

    [Theory]
    [InlineData("""{"type":"AIGC","number":2}""")]
    [InlineData("""[{"video_tag_type":"AIGC","video_tag_number":"2"}]""")]
    public void S5_4_a_tag_has_two_spellings_and_is_kept_as_it_came(string tag)
    {
        var video = Item<VideoItem>($$"""{"id":1,"video_tag":{{tag}}}""");

        VideoTagInfo.Of(video.VideoTag).ShouldBe([new VideoTagInfo("AIGC", 2)]);
        video.VideoTag!.Value.GetRawText().ShouldBe(tag);
        VideoTagInfo.Of(null).ShouldBeEmpty();
    }

    [Fact]
    public void S5_4_a_struct_where_peers_see_a_list_is_a_list_of_one() =>
        Item<VideoItem>("""{"id":1,"hashtag_info_list":{"hashtag_id":1,"hashtag_name":"dkpol"}}""").HashtagInfoList.ShouldBe([new HashtagInfo("1", "dkpol", null)]);

    [Fact]
    public void S5_4_unknown_fields_are_named_and_stay_in_the_items_bytes()
    {
        var page = Good(Videos, """{"videos":[{"z_new":[1],"id":1,"a_new":{"b":2}}]}""");

        Items<VideoItem>(page).Single().UnknownFields.ShouldBe(["a_new", "z_new"]);
        System.Text.Encoding.UTF8.GetString(page.Items[0].Bytes.Span).ShouldContain("""{"b":2}""");
    }

    [Fact]
    public void S5_6_an_empty_page_in_the_middle_is_not_the_end()
    {
        var page = Good(Videos, """{"videos":[],"cursor":200,"has_more":true,"search_id":"2"}""");

        Videos.After(100, page, asked: 100).ShouldBe(200);
        page.SearchId.ShouldBe("2");
    }
}
