using System.Text.Json;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>What the user endpoints have in common: a body with <c>username</c> and the refusals of an account.</summary>
internal static class UserBody
{
    public static string Username(ReadOnlyMemory<byte> body, List<string> errors)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("username", out var value)
                && value.ValueKind == JsonValueKind.String
                && value.GetString() is { Length: > 0 } username)
            {
                return username;
            }

            errors.Add("username is required");
        }
        catch (JsonException)
        {
            errors.Add("the body is not JSON");
        }

        return "";
    }

    public static Answer? Refusal(SandboxWorld world, string username, Envelope envelope) => world.FindCreator(username) switch
    {
        null => envelope.InvalidParams($"`username: {username}` is invalid: cannot find the user"),
        { Refused: true } => envelope.InvalidParams("API cannot return this user's information"),
        _ => null,
    };
}
