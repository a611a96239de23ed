namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Why a call brought no whole reply. Only <see cref="ConnectFailed"/> is certain to have cost nothing; after any other TikTok may have counted the request.</summary>
public enum TransportFault
{
    /// <summary>Name lookup, connection, proxy or TLS failed or took too long: not one byte of the request left.</summary>
    ConnectFailed,

    /// <summary>Sent, but the reply's headers did not come in time.</summary>
    FirstByteTimeout,

    /// <summary>The connection broke after sending.</summary>
    Cut,

    /// <summary>The reply is larger than we read.</summary>
    TooLarge,

    /// <summary>The reply ended before its announced length, or its compression is broken.</summary>
    Incomplete,

    /// <summary>The headers came, the whole body did not come in time.</summary>
    BodyTimeout,

    /// <summary>What came back is not HTTP.</summary>
    NotHttp,
}
