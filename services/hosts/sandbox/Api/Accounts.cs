namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>What the user endpoints have in common: whether the API tells about an account at all.</summary>
internal static class Accounts
{
    /// <summary>Why the API does not tell about the account; null: it does.</summary>
    public static Outcome? Refusal(SandboxCreator? creator, string username) => creator switch
    {
        null => Outcome.Invalid($"`username: {username}` is invalid: cannot find the user"),
        { Refused: true } or { RegionCode: "CA" } => Outcome.Invalid("API cannot return this user's information"),
        { Private: true } => Outcome.Invalid($"`username: {username}` is private"),
        _ => null,
    };
}
