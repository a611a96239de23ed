using System.Text;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>A profile as an older version kept it: whole, and under a user name.</summary>
/// <param name="LabId">Whose.</param>
/// <param name="Username">Of whom, in lower case.</param>
/// <param name="Document">What TikTok said, a JSON object.</param>
/// <param name="FetchedAt">When, unix milliseconds.</param>
/// <param name="PageId">The page that said it.</param>
internal sealed record OldProfile(string LabId, string Username, string Document, long FetchedAt, string PageId)
{
    /// <summary>
    /// The profile as a page that says the same: what it becomes is decided as for every other page. It has an id of its own, because the page that said it has been kept.
    /// No clause asked for it: it comes into a view once it is read again.
    /// </summary>
    public StoredPage AsPage()
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"data":{{{Document}}},"error":{"code":"ok"}}""");
        return new()
        {
            PageId = $"{PageId}-profile",
            Endpoint = ApiEndpoint.UserInfo,
            Sha256 = StoredPage.HashOf(body),
            Status = 200,
            FetchedAt = DateTimeOffset.FromUnixTimeMilliseconds(FetchedAt),
            ErrorCode = "ok",
            Body = body,
            Subject = Username,
        };
    }

    /// <summary>Nothing of it: profiles stay out of logs.</summary>
    public override string ToString() => "profile";
}
