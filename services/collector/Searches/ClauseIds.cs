using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The same question has the same id, whoever asks and however it was typed.</summary>
internal static class ClauseIds
{
    private const char Part = '\u001e';
    private const char Item = '\u001f';

    /// <summary>The clause in canonical form, with its id.</summary>
    /// <param name="clause">Which.</param>
    /// <param name="drawnBy">The collection that draws a sample of it; no matter for other clauses.</param>
    public static Clause Identify(Clause clause, string drawnBy = "")
    {
        var canonical = new Clause
        {
            Class = clause.Class,
            // TikTok writes names of accounts in small letters.
            Username = clause.Username.ToLowerInvariant(),
            VideoId = clause.VideoId,
            QueryJson = clause.QueryJson,
            Endpoint = clause.Endpoint,
            Subject = clause.Subject,
            IsRandom = clause.IsRandom,
        };
        canonical.Hashtags.Add(Sorted(clause.Hashtags));
        canonical.Keywords.Add(Sorted(clause.Keywords));
        canonical.RegionCodes.Add(Sorted(clause.RegionCodes));
        canonical.Fields.Add(Sorted(clause.Fields));
        canonical.ClauseId = Hash(canonical, drawnBy);
        return canonical;
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> values) => values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static string Hash(Clause clause, string drawnBy)
    {
        var text = string.Join(
            Part,
            (int)clause.Class,
            string.Join(Item, clause.Hashtags),
            string.Join(Item, clause.Keywords),
            clause.Username,
            clause.VideoId,
            clause.QueryJson,
            string.Join(Item, clause.RegionCodes),
            string.Join(Item, clause.Fields));
        text = clause.Class is ClauseClass.List ? string.Join(Part, text, (int)clause.Endpoint, clause.Subject) : text;
        text += clause.IsRandom ? string.Join(Item, $"{Part}random", drawnBy) : "";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
