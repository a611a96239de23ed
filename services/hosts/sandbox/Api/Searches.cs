using System.Globalization;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The searches whose result lists are kept for the next page.</summary>
internal sealed class Searches(SeededRandom random)
{
    private const int Kept = 5000;

    private readonly Dictionary<string, Search> open = new(StringComparer.Ordinal);
    private readonly Queue<string> ages = [];

    public Search Open(string identity, IReadOnlyList<SandboxVideo?> positions, DateTimeOffset now)
    {
        // Snowflake-like: the upper 32 bits are the second of issue minus up to an hour.
        var second = now.ToUnixTimeSeconds() - random.Next(3600);
        var id = ((second << 32) | (long)(random.NextUInt64() >> 32)).ToString(CultureInfo.InvariantCulture);
        var search = new Search(id, identity, positions);
        open[id] = search;
        ages.Enqueue(id);
        if (ages.Count > Kept)
        {
            open.Remove(ages.Dequeue());
        }

        return search;
    }

    /// <summary>The search with this id, if it belongs to this query and these days.</summary>
    public Search? Find(string id, string identity) =>
        open.TryGetValue(id, out var search) && search.Identity == identity ? search : null;
}

/// <summary>One search: its positions were fixed on the first page; null is an item that was deleted long ago.</summary>
internal sealed record Search(string Id, string Identity, IReadOnlyList<SandboxVideo?> Positions)
{
    public int PagesServed { get; set; }

    public int Refusals { get; set; }
}
