namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The one thing to do about an answer. Pauses, and how often, are the caller's.</summary>
public enum ApiReaction
{
    /// <summary>The data count.</summary>
    TakeData,

    /// <summary>Report this token and ask once more with another. Never for a missing scope: that would go on for ever.</summary>
    RenewToken,

    /// <summary>No request to this endpoint with this credential until a person has looked; others go on.</summary>
    StopEndpoint,

    /// <summary>Seconds of silence, then the same request. It cost nothing.</summary>
    BackOff,

    /// <summary>Not one request more before 00:00 UTC.</summary>
    WaitForMidnight,

    /// <summary>The same request again after a pause, a few times. It cost a unit.</summary>
    Repeat,

    /// <summary>Never this request again unchanged.</summary>
    GiveUp,

    /// <summary>This is TikTok's answer about what was asked for: it cannot be had. Note why; other inputs go on.</summary>
    AcceptRefusal,
}
