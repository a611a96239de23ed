using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Reviews of a product; its times are milliseconds and its ratings words.</summary>
internal sealed class ReviewEndpoint(SandboxWorld world) : IEndpoint
{
    private static readonly string[] Known = ["product_name", "review_text", "review_like_count", "create_time", "review_rating", "display_name"];

    private static readonly string[] Ratings = ["ONE", "TWO", "THREE", "FOUR", "FIVE"];

    public SandboxEndpoint Kind => SandboxEndpoint.Review;

    public string Path => "tts/review";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(Known, alsoInBody: true);
        var id = request.Id("product_id");
        var product = world.Shops.SelectMany(shop => shop.Products).FirstOrDefault(product => product.Id == id);
        var page = ShopPages.Read(request, product?.Reviews ?? []);
        return request.Refusal ?? ShopPages.Ok("review_data", page, fields, (review, field) => Value(product!, review, field));
    }

    private static JsonNode? Value(SandboxProduct product, SandboxReview review, string field) => field switch
    {
        "product_name" => product.Name,
        "review_text" => review.Text,
        "review_like_count" => review.Likes,
        "create_time" => review.CreateTime.ToUnixTimeMilliseconds(),
        "review_rating" => Ratings[review.Rating - 1],
        "display_name" => review.DisplayName,
        _ => null,
    };
}
