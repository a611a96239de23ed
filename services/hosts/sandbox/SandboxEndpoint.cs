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

    /// <summary><c>/v2/research/video/comment/list/</c></summary>
    Comments,

    /// <summary><c>/v2/research/user/liked_videos/</c></summary>
    Liked,

    /// <summary><c>/v2/research/user/pinned_videos/</c></summary>
    Pinned,

    /// <summary><c>/v2/research/user/reposted_videos/</c></summary>
    Reposted,

    /// <summary><c>/v2/research/playlist/info/</c></summary>
    Playlist,

    /// <summary><c>/v2/research/tts/shop/</c></summary>
    Shop,

    /// <summary><c>/v2/research/tts/product/</c></summary>
    Product,

    /// <summary><c>/v2/research/tts/review/</c></summary>
    Review,

    /// <summary><c>/v2/research/validation_task/create/</c></summary>
    ComplianceCreate,

    /// <summary><c>/v2/research/validation_task_status/get/</c></summary>
    ComplianceStatus,

    /// <summary><c>/v2/research/validation_task/download/</c></summary>
    ComplianceDownload,
}
