using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §6.9 to §6.11: shops, products, reviews.</summary>
public sealed class SandboxShopTests
{
    [Fact]
    public async Task Section_6_9_shop_replies_have_no_error_object_and_take_fields_in_query_or_body()
    {
        await using var sandbox = await StartAsync();
        var shop = sandbox.Server.World.Shops[0];
        Reply[] replies =
        [
            await sandbox.AskAsync("tts/shop", "shop_name,shop_id,shop_rating", new { shop_name = shop.Name, limit = 10 }),
            await sandbox.AskAsync("tts/shop", null, new { shop_name = shop.Name, fields = "shop_name,shop_id,shop_rating" }),
            await sandbox.AskAsync("tts/shop", null, new { shop_name = shop.Name, fields = new[] { "shop_name", "shop_id", "shop_rating" } }),
        ];
        foreach (var reply in replies)
        {
            reply.Status.ShouldBe(200);
            reply.Root.TryGetProperty("error", out _).ShouldBeFalse();
            var item = reply.List("shop_data").Single(item => item.GetProperty("shop_id").GetInt64() == shop.Id);
            item.GetProperty("shop_rating").GetString().ShouldNotBeNull().Length.ShouldBe(3);
        }
    }

    [Fact]
    public async Task Section_6_10_products_come_in_pages_of_ten_until_one_is_short()
    {
        await using var sandbox = await StartAsync();
        var shop = sandbox.Server.World.Shops.First(shop => shop.Products.Count > 10);
        var ids = new List<long>();
        for (var page = 1; ; page++)
        {
            var items = (await sandbox.AskAsync("tts/product", "product_id,product_price,product_rating_5_count", new { shop_id = shop.Id, page_start = page, page_size = 10 })).List("product_data");
            ids.AddRange(items.Select(item => item.GetProperty("product_id").GetInt64()));
            if (items.Count < 10)
            {
                break;
            }

            items[0].GetProperty("product_price")[0].GetString().ShouldNotBeNull().ShouldEndWith("EUR");
        }

        ids.ShouldBe(shop.Products.Select(product => product.Id));
    }

    [Fact]
    public async Task Section_6_11_reviews_have_milliseconds_and_ratings_in_words()
    {
        await using var sandbox = await StartAsync();
        var product = sandbox.Server.World.Shops.SelectMany(shop => shop.Products).First(product => product.Reviews.Count > 3);
        var items = (await sandbox.AskAsync("tts/review", "create_time,review_rating,review_text,display_name", new { product_id = product.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), page_start = 1, page_size = 10 })).List("review_data");
        items.Count.ShouldBe(Math.Min(10, product.Reviews.Count));
        items.ShouldAllBe(item => item.GetProperty("create_time").GetInt64() > 1_700_000_000_000);
        items.ShouldAllBe(item => Array.IndexOf(Ratings, item.GetProperty("review_rating").GetString()) >= 0);
    }

    [Theory]
    [InlineData("tts/shop", """{"shop_name":"x","limit":11,"fields":"shop_id"}""")]
    [InlineData("tts/shop", """{"fields":"shop_id"}""")]
    [InlineData("tts/product", """{"shop_id":1,"page_start":0,"fields":"product_id"}""")]
    [InlineData("tts/review", """{"product_id":1,"page_size":11,"fields":"review_text"}""")]
    [InlineData("tts/review", """{"product_id":1}""")]
    public async Task Bad_shop_requests_are_400_with_an_error_object(string path, string body)
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.PostAsync($"/v2/research/{path}/", body);
        (reply.Status, reply.Code).ShouldBe((400, "invalid_params"));
    }

    private static readonly string[] Ratings = ["ONE", "TWO", "THREE", "FOUR", "FIVE"];
}
