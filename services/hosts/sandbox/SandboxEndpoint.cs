namespace IssueObservatory.Mesh.Sandbox;

/// <summary>The API's endpoints, as far as the sandbox has them.</summary>
public enum SandboxEndpoint
{
    /// <summary>Any other path or method: 404 or 405, never counted.</summary>
    Unknown,

    /// <summary><c>/v2/oauth/token/</c></summary>
    Token,

    /// <summary><c>/v2/research/video/query/</c></summary>
    VideoQuery,

    /// <summary><c>/v2/research/user/info/</c></summary>
    UserInfo,

    /// <summary><c>/v2/research/user/followers/</c>; counts in the bucket of its own.</summary>
    Followers,

    /// <summary><c>/v2/research/user/following/</c>; counts in the same bucket as followers.</summary>
    Following,
}
