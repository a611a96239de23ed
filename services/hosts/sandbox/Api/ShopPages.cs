using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>How the shop endpoints count pages: from one, at most ten a page, and nothing says whether there is more.</summary>
internal static class ShopPages
{
    /// <summary>The items of the page that <c>page_start</c> and <c>page_size</c> name.</summary>
    public static IReadOnlyList<T> Read<T>(ApiRequest request, IReadOnlyList<T> all)
    {
        var (start, size) = (request.Integer("page_start") ?? 1, request.Integer("page_size") ?? 10);
        if (start < 1 || size is < 1 or > 10)
        {
            request.Errors.Add("page_start must be 1 or more and page_size 1 to 10");
            return [];
        }

        return [.. all.Skip((int)Math.Min((start - 1) * size, all.Count)).Take((int)size)];
    }

    public static Outcome Ok<T>(string name, IReadOnlyList<T> items, IReadOnlyList<string> fields, Func<T, string, JsonNode?> value) => Outcome.Ok(
        new() { [name] = new JsonArray([.. items.Select(item => new JsonObject(fields.Select(field => KeyValuePair.Create(field, value(item, field)))))]) },
        items.Count);
}
