using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A list: what an endpoint has about one subject. The same list has the same key, however its subject was written.</summary>
internal readonly record struct ListKey
{
    private ListKey(ApiEndpoint endpoint, string subject) => (Endpoint, Subject) = (endpoint, subject);

    public ApiEndpoint Endpoint { get; }

    /// <summary>A user's name in lower case, an id in digits, or a shop's name.</summary>
    public string Subject { get; }

    public static ListKey Of(ApiEndpoint endpoint, string subject) =>
        new(endpoint, endpoint.Api().SubjectKind is SubjectKind.Username ? subject.ToLowerInvariant() : subject);

    /// <summary>The profile of a user.</summary>
    public static ListKey Profile(string username) => Of(ApiEndpoint.UserInfo, username);

    /// <summary>The endpoint only: whom or what it is about stays out of logs.</summary>
    public override string ToString() => Endpoint.ToString();
}
