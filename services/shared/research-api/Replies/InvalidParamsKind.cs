namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Which of the many meanings of <c>invalid_params</c> this is.</summary>
public enum InvalidParamsKind
{
    /// <summary>"Search Id … is invalid or expired". On a later page mostly too early: wait and repeat.</summary>
    SearchIdInvalid,

    /// <summary>"Invalid count or cursor". On a later page the same as <see cref="SearchIdInvalid"/>.</summary>
    InvalidCountOrCursor,

    /// <summary>There is no such user.</summary>
    UserNotFound,

    /// <summary>There is one, but private, a minor or in a place that TikTok leaves out.</summary>
    UserNotReturned,

    /// <summary>The user does not show what they liked, as nearly nobody does.</summary>
    LikesHidden,

    /// <summary>The comments of this video are not shown.</summary>
    CommentsHidden,

    /// <summary>The request itself.</summary>
    Other,
}
