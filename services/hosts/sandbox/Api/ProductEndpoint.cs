using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Products of a shop.</summary>
internal sealed class ProductEndpoint(SandboxWorld world) : IEndpoint
{
    private static readonly string[] Known =
    [
        "product_id", "product_name", "product_description", "product_price", "product_rating", "product_review_count", "product_rating_1_count",
        "product_rating_2_count", "product_rating_3_count", "product_rating_4_count", "product_rating_5_count", "product_sold_count", "shop_name",
    ];

    public SandboxEndpoint Kind => SandboxEndpoint.Product;

    public string Path => "tts/product";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(Known, alsoInBody: true);
        var id = request.Id("shop_id");
        var shop = world.Shops.FirstOrDefault(shop => shop.Id == id);
        var page = ShopPages.Read(request, shop?.Products ?? []);
        return request.Refusal ?? ShopPages.Ok("product_data", page, fields, (product, field) => Value(shop!, product, field));
    }

    private static JsonNode? Value(SandboxShop shop, SandboxProduct product, string field) => field switch
    {
        "product_id" => product.Id,
        "product_name" => product.Name,
        "product_description" => product.Description,
        "product_price" => new JsonArray(product.Price),
        "product_rating" => product.Reviews.Count == 0 ? null : Math.Round(product.Reviews.Average(review => review.Rating), 1),
        "product_review_count" => product.Reviews.Count,
        "product_sold_count" => product.Sold,
        "shop_name" => shop.Name,
        _ => product.Reviews.Count(review => field == $"product_rating_{review.Rating}_count"),
    };
}
