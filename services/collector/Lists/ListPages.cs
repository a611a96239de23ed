using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Reads what a page of a list means for the walk.</summary>
internal static class ListPages
{
    private const int KeyLength = 16;

    /// <param name="endpoint">Who answered.</param>
    /// <param name="cursor">Where the page began.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="seen">What tells the items apart that came before; this page's are added.</param>
    public static Outcome Read(ResearchEndpoint endpoint, long cursor, RawReply reply, ISet<string> seen)
    {
        if (endpoint.ItemKeys.Count == 0)
        {
            var answer = PageReader.ReadAnswer<UserInfoItem>(endpoint, reply.Body, reply.Status ?? 0);
            return Outcomes.Of(answer.Error) with { NewVideos = answer.Error.IsOk ? 1 : 0 };
        }

        var page = PageReader.Read(endpoint, reply.Body, reply.Status ?? 0);
        if (!page.Error.IsOk)
        {
            return Outcomes.Of(page.Error);
        }

        IReadOnlyList<string> keys = [.. page.Items.Select(item => KeyOf(endpoint, item))];
        return Outcomes.Of(page.Error) with
        {
            HasMore = page.HasMore,
            SaysWhere = page.Cursor is not null,
            Cursor = endpoint.After(cursor, page, endpoint.LargestPage),
            VideoIds = keys,
            NewVideos = keys.Count(seen.Add),
        };
    }

    /// <summary>Its id; where that is a name, or there is none, a hash.</summary>
    private static string KeyOf(ResearchEndpoint endpoint, PageItem item) => item.Id switch
    {
        { } name when endpoint.IsFollow => Hash(Encoding.UTF8.GetBytes(name)),
        { } id => id,
        _ => Hash(item.Bytes.Span),
    };

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..KeyLength];
}
