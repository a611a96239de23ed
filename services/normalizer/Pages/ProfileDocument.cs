using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>A profile as a JSON object with TikTok's names; what TikTok left out stays out.</summary>
internal static class ProfileDocument
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(UserInfoItem user) => JsonSerializer.Serialize(user, Options);
}
