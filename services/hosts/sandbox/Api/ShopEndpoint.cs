using System.Globalization;
using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Shops by part of their name; the fields may stand in the body.</summary>
internal sealed class ShopEndpoint(SandboxWorld world) : IEndpoint
{
    private static readonly string[] Known = ["shop_name", "shop_rating", "shop_review_count", "item_sold_count", "shop_id", "shop_performance_value"];

    public SandboxEndpoint Kind => SandboxEndpoint.Shop;

    public string Path => "tts/shop";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(Known, alsoInBody: true);
        var name = request.Text("shop_name");
        var limit = request.Integer("limit") ?? 10;
        if (limit is < 1 or > 10)
        {
            request.Errors.Add("limit must be 1 to 10");
        }

        var found = world.Shops.Where(shop => shop.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).Take((int)Math.Clamp(limit, 1, 10)).ToList();
        return request.Refusal ?? ShopPages.Ok("shop_data", found, fields, Value);
    }

    private static JsonNode? Value(SandboxShop shop, string field) => field switch
    {
        "shop_name" => shop.Name,
        "shop_rating" => shop.Rating.ToString("F1", CultureInfo.InvariantCulture),
        "shop_review_count" => shop.Reviews,
        "item_sold_count" => shop.Sold,
        "shop_id" => shop.Id,
        _ => null,
    };
}
