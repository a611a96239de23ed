namespace IssueObservatory.Mesh.Defaults;

/// <summary>Parts of keys in Redis.</summary>
public static class RedisName
{
    private const string DefaultLab = "default";

    /// <summary>Something of a lab, e.g. an account. The lab <c>default</c> is not named, since most have no other.</summary>
    public static string Of(string labId, string name) => labId == DefaultLab ? name : $"{labId}:{name}";
}
