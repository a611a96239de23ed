using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.ResearchApi.ResearchEndpoints;
using static IssueObservatory.Mesh.Tests.ResearchApi.Quirks.Answers;

namespace IssueObservatory.Mesh.Tests.ResearchApi.Quirks;

/// <summary>Shops and batch compliance: §6.9 to §6.12 of the contract.</summary>
public sealed class ShopAndTaskQuirks
{
    [Fact]
    public void S6_9_a_shop_is_asked_for_by_name_and_answers_without_an_error_object()
    {
        Body(Shop.Ask("Test Shop")).ShouldBe("""{"shop_name":"Test Shop","limit":10}""");
        Refused(Shop.Ask("Test Shop") with { MaxCount = 11 }).ShouldBe(["limit"]);

        var page = Page(Shop, """{"data":{"shop_data":[{"shop_id":123456789,"shop_name":"n","shop_rating":"4.5","item_sold_count":1216959,"shop_performance_value":"2"}]}}""");
        page.Error.IsOk.ShouldBeTrue();
        Items<ShopItem>(page).Single().ShouldSatisfyAllConditions(
            shop => (shop.ShopId, shop.ShopRating, shop.ItemSoldCount, shop.ShopReviewCount, shop.ShopPerformanceValue).ShouldBe(("123456789", 4.5, 1216959, null, "2")),
            shop => shop.UnknownFields.ShouldBeEmpty());
        Shop.After(0, page, asked: 10).ShouldBeNull();
    }

    [Fact]
    public void S6_10_products_are_counted_by_pages_from_one_until_a_page_is_not_full()
    {
        Body(Products.Ask("123456789")).ShouldBe("""{"shop_id":123456789,"page_size":10,"page_start":1}""");
        Body(Products.Ask("123456789") with { Cursor = 2 }).ShouldEndWith("\"page_start\":2}");

        var ten = string.Join(',', Enumerable.Range(1, 10).Select(id => $$"""{"product_id":"{{id}}"}"""));
        var full = Page(Products, $$$"""{"data":{"product_data":[{{{ten}}}]}}""");
        Products.After(0, full, asked: 10).ShouldBe(2);
        Products.After(2, full, asked: 10).ShouldBe(3);
        Products.After(2, Page(Products, """{"data":{"product_data":[{"product_id":1}]}}"""), asked: 10).ShouldBeNull();
        Products.After(2, Page(Products, """{"data":{"product_data":[]}}"""), asked: 10).ShouldBeNull();
    }

    [Fact]
    public void S6_10_a_product_has_prices_as_text_and_five_counts_of_stars() =>
        Item<ProductItem>("""{"product_id":"1","product_price":["20.79GBP"],"product_rating":"4.6","product_rating_1_count":116,"product_rating_5_count":2693}""").ShouldSatisfyAllConditions(
            product => product.ProductPrice.ShouldBe(["20.79GBP"]),
            product => product.ProductRating.ShouldBe(4.6),
            product => product.RatingCounts.ShouldBe([116, null, null, null, 2693]));

    [Fact]
    public void S6_11_a_review_is_in_milliseconds_and_words_and_its_product_is_asked_for_as_text()
    {
        Body(Reviews.Ask("17")).ShouldBe("""{"product_id":"17","page_size":10,"page_start":1}""");
        Item<ReviewItem>("""{"create_time":1722879716021,"review_rating":"FIVE","review_text":" t","review_like_count":1,"display_name":"n"}""").ShouldSatisfyAllConditions(
            review => review.CreateTime.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1722879716021)),
            review => review.ReviewRating.ShouldBe("FIVE"),
            review => review.UnknownFields.ShouldBeEmpty());
    }

    [Fact]
    public void S6_12_ids_are_uploaded_as_a_file_of_one_a_line()
    {
        var request = new ValidationTaskRequest { Category = ValidationCategory.Comment, Ids = ["7385291384628315438", "7386111311412321184"] };

        request.Target.ShouldBe("/v2/research/validation_task/create/");
        var boundary = request.MediaType.Split("boundary=")[1];
        request.MediaType.ShouldStartWith("multipart/form-data;");
        var parts = Body(request).Split($"--{boundary}");
        parts.Length.ShouldBe(4);
        parts[0].ShouldBe("");
        parts[1].ShouldContain("name=\"category\"");
        parts[1].ShouldEndWith("\r\n\r\ncomment\r\n");
        parts[2].ShouldContain("name=\"file_data\"; filename=");
        parts[2].ShouldEndWith("\r\n\r\n7385291384628315438\n7386111311412321184\r\n");
        parts[3].ShouldBe("--\r\n");
    }

    [Fact]
    public void S6_12_a_file_has_1_to_10000_ids_and_nothing_else()
    {
        Refused(Task([])).ShouldBe(["file_data"]);
        Refused(Task([.. Enumerable.Range(1, 10_001).Select(id => $"{id}")])).ShouldBe(["file_data"]);
        Refused(Task(["1", "@somebody"])).ShouldBe(["file_data"]);
        Task([.. Enumerable.Range(1, 10_000).Select(id => $"{id}")]).Validate().ShouldBeEmpty();

        static ValidationTaskRequest Task(IReadOnlyList<string> ids) => new() { Category = ValidationCategory.Video, Ids = ids };
    }

    [Fact]
    public void S6_12_a_task_has_a_number_beyond_int64_and_errors_carry_the_status_once_more()
    {
        var created = PageReader.ReadAnswer<ValidationTaskItem>(CreateValidationTask, Utf8("""{"data":{"task_id":12345678910987654321},"error":{"code":"ok","http_status_code":200,"message":"ok."}}"""), 200);
        var task = created.Item.ShouldNotBeNull().TaskId.ShouldNotBeNull();

        task.ShouldBe("12345678910987654321");
        Body(ValidationTaskStatus.Ask(task)).ShouldBe("""{"task_id":12345678910987654321}""");
        Body(DownloadValidationTask.Ask(task)).ShouldBe("""{"task_id":12345678910987654321}""");
        Page(CreateValidationTask, """{"data":{},"error":{"code":"invalid_file_upload","http_status_code":400,"message":"no"}}""", 400).Error.Reaction.ShouldBe(ApiReaction.GiveUp);
    }

    [Theory]
    [InlineData("Completed", ValidationTaskState.Completed)]
    [InlineData("processing", ValidationTaskState.Processing)]
    [InlineData("Failed", ValidationTaskState.Failed)]
    [InlineData("Queued", ValidationTaskState.Unknown)]
    [InlineData("3", ValidationTaskState.Unknown)]
    public void S6_12_a_task_says_how_far_it_is(string word, ValidationTaskState state) =>
        Item<ValidationTaskItem>($$"""{"task_status":"{{word}}"}""").State.ShouldBe(state);

    [Theory]
    [InlineData("1\n2\n3")]
    [InlineData("1\r\n2\r\n3\r\n")]
    [InlineData("\uFEFF1,2, 3,3")]
    public void S6_12_what_is_still_there_is_read_from_a_text(string text)
    {
        var valid = ValidIdsReader.Read(Utf8(text), 200);

        valid.Error.IsOk.ShouldBeTrue();
        valid.Ids.ShouldNotBeNull().Order(StringComparer.Ordinal).ShouldBe(["1", "2", "3"]);
    }

    [Theory]
    [InlineData("1\n2\nthree", 200, ApiErrorClass.Unreadable)]
    [InlineData("<html>1</html>", 200, ApiErrorClass.Unreadable)]
    [InlineData("""{"data":{"ids":[1]}}""", 200, ApiErrorClass.Unreadable)]
    [InlineData("""{"error":{"code":"internal_error"}}""", 200, ApiErrorClass.Internal)]
    [InlineData("""{"data":{},"error":{"code":"access_token_invalid"}}""", 401, ApiErrorClass.AccessTokenInvalid)]
    [InlineData("1\n2\n3", 502, ApiErrorClass.Unreadable)]
    [InlineData("", 504, ApiErrorClass.Unreadable)]
    public void S6_12_anything_but_a_list_of_ids_deletes_nothing(string text, int status, ApiErrorClass expected)
    {
        var valid = ValidIdsReader.Read(Utf8(text), status);

        valid.Ids.ShouldBeNull();
        valid.Error.Class.ShouldBe(expected);
    }
}
