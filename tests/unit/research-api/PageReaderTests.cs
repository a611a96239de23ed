using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class PageReaderTests
{
    private const string Ok = """
        "error":{"code":"ok","message":"","log_id":"202406180912340A1B2C3D4E5F60718293"}
        """;

    [Fact]
    public void A_page_gives_its_outer_facts_and_each_items_own_bytes()
    {
        var body = Utf8($$$"""{"data":{"search_id":"7160776277492814854","videos":[ {"id":7345557461438385450,"create_time":1710270898} ,{"id":"7345557461438385449","create_time":"1710270800"}],"has_more":true,"cursor":100},{{{Ok}}}}""");

        var page = PageReader.Read(body, 200);

        page.Error.IsOk.ShouldBeTrue();
        page.Error.LogId.ShouldBe("202406180912340A1B2C3D4E5F60718293");
        (page.HasMore, page.Cursor, page.SearchId).ShouldBe((true, 100, "7160776277492814854"));
        page.Items.Select(item => item.Id).ShouldBe(["7345557461438385450", "7345557461438385449"]);
        page.OldestCreateTime.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1710270800));
        Encoding.UTF8.GetString(page.Items[0].Bytes.Span).ShouldBe("""{"id":7345557461438385450,"create_time":1710270898}""");
        body.AsSpan(page.Items[1].Offset, page.Items[1].Bytes.Length).SequenceEqual(page.Items[1].Bytes.Span).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"data":{"videos":[],"cursor":0,"has_more":false},E}""", false, 0L)]
    [InlineData("""{"data":{},E}""", false, null)]
    [InlineData("""{"data":null,E}""", false, null)]
    [InlineData("""{E}""", false, null)]
    [InlineData("""{"data":{"videos":null,"has_more":"true","cursor":"145"},E}""", true, 145L)]
    [InlineData("""{"data":{"has_more":1,"cursor":99999999999999999999},E}""", true, null)]
    [InlineData("""{"data":{"has_more":"no","cursor":"x"},E}""", false, null)]
    [InlineData("""{"data":{"videos":[],"has_more":true},"error":{}}""", true, null)]
    [InlineData("""{"data":{"videos":[],"has_more":true}}""", true, null)]
    [InlineData("""{"data":{"videos":[],"has_more":false,"has_more":true},E}""", true, null)]
    public void Success_comes_in_many_shapes(string json, bool hasMore, long? cursor)
    {
        var page = PageReader.Read(Utf8(json.Replace("E", Ok, StringComparison.Ordinal)), 200);

        page.Error.Class.ShouldBe(ApiErrorClass.Ok);
        page.HasMore.ShouldBe(hasMore);
        page.Cursor.ShouldBe(cursor);
        page.Items.ShouldBeEmpty();
    }

    [Fact]
    public void A_page_with_videos_that_does_not_say_whether_it_is_the_last_has_more()
    {
        PageReader.Read(Utf8("""{"data":{"videos":[{"id":1}],"cursor":100},E}""".Replace("E", Ok, StringComparison.Ordinal)), 200).HasMore.ShouldBeTrue();
        PageReader.Read(Utf8("""{"data":{"videos":[{"id":1}],"cursor":100,"has_more":false},E}""".Replace("E", Ok, StringComparison.Ordinal)), 200).HasMore.ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "empty body")]
    [InlineData("  \n", "empty body")]
    [InlineData("<html><h1>504 Gateway Time-out</h1></html>", "HTML")]
    [InlineData("""{"data":{"videos":[{"id":1},{"id""", "ends too early")]
    [InlineData("""{"data":{"videos":[}}""", "not JSON (line 1, position 20)")]
    [InlineData("oops", "not JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("null", "not an object")]
    [InlineData("{}", "neither data nor an error code")]
    [InlineData("""{"data":{}}x""", "not JSON")]
    [InlineData("""{"data":"videos","error":{"code":"ok"}}""", "data is not an object")]
    [InlineData("""{"data":{"videos":{"id":1}},"error":{"code":"ok"}}""", "videos is not a list")]
    public void What_is_no_answer_is_unreadable_with_a_reason(string body, string reason)
    {
        var page = PageReader.Read(Utf8(body), 200);

        page.Error.Class.ShouldBe(ApiErrorClass.Unreadable);
        page.Error.Reason.ShouldNotBeNull().ShouldContain(reason);
        page.Error.Reason.ShouldStartWith("HTTP 200: ");
        page.Items.ShouldBeEmpty();
    }

    [Fact]
    public void One_broken_item_never_costs_another()
    {
        byte[] body =
        [
            .. Utf8("""{"data":{"videos":[{"id":1,"username":"nul\u0000"},{"id":2,"video_description":"lone \uD800 half"},{"id":3,"video_description":" """),
            0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x01,
            .. Utf8(""" "},17,null,[],{"id":99999999999999999999999,"view_count":1099511627776},{"\u0069d":4,"\uD800":1},{"video_id":5}],"has_more":false},"error":{"code":"ok"}}"""),
        ];

        var page = PageReader.Read(body, 200);

        page.Error.IsOk.ShouldBeTrue();
        page.Items.Select(item => item.Id).ShouldBe(["1", "2", "3", null, null, null, "99999999999999999999999", "4", "5"]);
        var read = page.Items.Select(item => ItemReader.TryRead<VideoItem>(item.Bytes, out var video, out var error) ? (object)video : error!).ToArray();
        read[3..6].ShouldBe([ReadError.NotAnObject, ReadError.NotAnObject, ReadError.NotAnObject]);
        ((VideoItem)read[0]).Username.ShouldBe("nul");
        ((VideoItem)read[1]).VideoDescription.ShouldBe("lone \uFFFD half");
        ((VideoItem)read[2]).VideoDescription.ShouldNotBeNull().ShouldContain("\uFFFD(");
        ((VideoItem)read[6]).ViewCount.ShouldBe(1L << 40);
        ((VideoItem)read[8]).Id.ShouldBe("5");
    }

    [Fact]
    public void Ten_thousand_nested_objects_are_one_item_among_others()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 10_000)) + "1" + new string('}', 10_000);
        var body = Utf8($$$"""{"data":{"videos":[{"id":1,"video_label":{{{deep}}}},{"id":2}]},"error":{"code":"ok"}}""");

        var page = PageReader.Read(body, 200);

        page.Items.Select(item => item.Id).ShouldBe(["1", "2"]);
        ItemReader.TryRead<VideoItem>(page.Items[0].Bytes, out var video, out _).ShouldBeTrue();
        video.VideoLabel.ShouldBeNull();
        video.UnreadableFields.ShouldBe(["video_label"]);
    }

    [Fact]
    public void Nesting_without_end_is_bounded()
    {
        var page = PageReader.Read(Utf8(new string('[', 4_000_000)), 200);

        page.Error.Reason.ShouldBe("HTTP 200: nested deeper than 20000");
    }

    [Fact]
    public void A_list_without_end_is_bounded()
    {
        PageReader.Read(Utf8($$$"""{"data":{"videos":[1{{{string.Concat(Enumerable.Repeat(",1", 1_000_000))}}}]}}"""), 200)
            .ShouldSatisfyAllConditions(page => page.Items.ShouldBeEmpty(), page => page.Error.Reason.ShouldBe("HTTP 200: more than 10000 items"));

        ItemReader.TryRead<VideoItem>(Utf8($$"""{"id":1,"hashtag_names":[1{{string.Concat(Enumerable.Repeat(",1", 1_000_000))}}]}"""), out var video, out _).ShouldBeTrue();
        (video.HashtagNames, video.UnreadableFields.Single()).ShouldBe((null, "hashtag_names"));
    }

    [Fact]
    public void Good_data_counts_whatever_the_status_says()
    {
        var good = Utf8($$$"""{"data":{"videos":[{"id":1}],"has_more":false},{{{Ok}}}}""");
        PageReader.Read(good, 500).Error.IsOk.ShouldBeTrue();
        PageReader.Read(Utf8("""{"data":{"display_name":"x","follower_count":"12"}}"""), 500).Error.IsOk.ShouldBeTrue();

        PageReader.Read(Utf8("""{"data":{}}"""), 500).Error.Class.ShouldBe(ApiErrorClass.Unreadable);
        PageReader.Read(Utf8("""{"data":{},"error":{"code":"internal_error"}}"""), 200).Error.Class.ShouldBe(ApiErrorClass.Internal);
    }

    [Theory]
    [InlineData("access_token_invalid", "", ApiErrorClass.AccessTokenInvalid, null)]
    [InlineData("scope_not_authorized", "", ApiErrorClass.ScopeNotAuthorized, null)]
    [InlineData("scope_permission_missed", "", ApiErrorClass.ScopeNotAuthorized, null)]
    [InlineData("rate_limit_exceeded", "", ApiErrorClass.RateLimit, null)]
    [InlineData("daily_quota_limit_exceeded", "", ApiErrorClass.DailyQuota, null)]
    [InlineData("internal_error", "Something is wrong. Please try again later.", ApiErrorClass.Internal, null)]
    [InlineData("invalid_params", "Something went wrong. Please try again later.", ApiErrorClass.Internal, null)]
    [InlineData("timeout", "", ApiErrorClass.Timeout, null)]
    [InlineData("invalid_params", "Search Id 7160776277492814854 is invalid or expired", ApiErrorClass.InvalidParams, InvalidParamsKind.SearchIdInvalid)]
    [InlineData("invalid_params", "Invalid count or cursor", ApiErrorClass.InvalidParams, InvalidParamsKind.InvalidCountOrCursor)]
    [InlineData("invalid_params", "`username: x` is invalid: cannot find the user", ApiErrorClass.InvalidParams, InvalidParamsKind.UserNotFound)]
    [InlineData("invalid_params", "API cannot return this user's information", ApiErrorClass.InvalidParams, InvalidParamsKind.UserNotReturned)]
    [InlineData("invalid_params", "x is private", ApiErrorClass.InvalidParams, InvalidParamsKind.UserNotReturned)]
    [InlineData("invalid_params", "end_date must be later", ApiErrorClass.InvalidParams, InvalidParamsKind.Other)]
    [InlineData("brand_new_code", "", ApiErrorClass.Unknown, null)]
    public void Errors_are_judged_by_their_code(string code, string message, ApiErrorClass expected, InvalidParamsKind? kind)
    {
        foreach (var status in (int[])[200, 400, 401, 429, 500])
        {
            var error = PageReader.Read(Utf8($$$"""{"data":{},"error":{"code":"{{{code}}}","message":"{{{message}}}","log_id":"L1"}}"""), status).Error;

            (error.Class, error.InvalidParams, error.Code, error.LogId).ShouldBe((expected, kind, code, "L1"));
        }
    }

    [Fact]
    public void An_error_carries_no_text_that_could_be_a_name()
    {
        var error = PageReader.Read(Utf8("""{"error":{"code":"cannot find drnyheder","message":"drnyheder","log_id":"drnyheder æ"}}"""), 400).Error;

        error.ToString().ShouldNotContain("drnyheder");
        (error.Class, error.Code).ShouldBe((ApiErrorClass.Unknown, "unprintable"));
    }

    [Fact]
    public void A_profile_or_the_reason_why_there_is_none()
    {
        var reply = PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, Utf8($$$"""{"data":{"display_name":"DR \u0000Nyheder","follower_count":"4294967296","is_verified":true,"likes_count":-1},{{{Ok}}}}"""), 200);
        reply.Item.ShouldNotBeNull();
        (reply.Item.DisplayName, reply.Item.FollowerCount, reply.Item.IsVerified, reply.Item.LikesCount, reply.Item.BioUrl).ShouldBe(("DR Nyheder", 4294967296L, true, null, null));

        PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, Utf8("""{"error":{"code":"invalid_params","message":"cannot find the user"}}"""), 400).ShouldSatisfyAllConditions(
            refused => refused.Item.ShouldBeNull(),
            refused => refused.Error.InvalidParams.ShouldBe(InvalidParamsKind.UserNotFound));
        PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, Utf8($$$"""{"data":{},{{{Ok}}}}"""), 200).Error.Class.ShouldBe(ApiErrorClass.Unreadable);
        PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, Utf8("<html>"), 503).Error.Reason.ShouldBe("HTTP 503: HTML, not JSON");
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
