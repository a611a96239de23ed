using System.Globalization;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The searches whose result lists are kept for the next page; the oldest are forgotten when they become too many.</summary>
internal sealed class Searches(Chances chances, SeededRandom random)
{
    private const int MostPositions = 4_000_000;
    private const int MostSearches = 5000;

    private readonly Dictionary<string, Search> open = new(StringComparer.Ordinal);
    private readonly Queue<Search> ages = [];
    private long positions;

    public Search Open(VideoQuery query, IReadOnlyList<SandboxVideo> index, SandboxFaults faults, DateTimeOffset now)
    {
        // What goes wrong with a search follows from its query and how often it was asked, not from who else asks.
        var chance = chances.Of("search", query.Identity);
        var silent = chance.Chance(faults.SilentZeros);
        var sparse = chance.Chance(faults.SparseSearches);
        var list = Positions(silent ? [] : index, (int)query.MaxCount, sparse, faults, chance);
        var search = new Search(NewId(now), query.Identity, list) { IsSparse = sparse };
        if (chance.Chance(faults.SearchIdNotReadyShare))
        {
            search.NotReadyTries = faults.SearchIdNotReadyTries;
            search.NotReadyUntil = now + faults.SearchIdNotReadyFor;
            search.NotReadyError = faults.SearchIdNotReadyError
                ?? chance.Pick<SandboxError>([SandboxError.SearchIdInvalid, SandboxError.CursorInvalid, SandboxError.ServerError]);
        }

        Keep(search);
        return search;
    }

    /// <summary>The search with this id, if it belongs to this query and these days.</summary>
    public Search? Find(string id, string identity) =>
        open.TryGetValue(id, out var search) && search.Identity == identity ? search : null;

    /// <summary>The id under which the next page is to be asked for; it may change in the middle, and the old one stays good.</summary>
    public string Name(Search search, SandboxFaults faults, DateTimeOffset now)
    {
        if (search.PagesServed > 1 && chances.Of("search_id", search.Identity).Chance(faults.SearchIdChanges))
        {
            search.Rename(NewId(now));
            open[search.Id] = search;
        }

        return search.Id;
    }

    private void Keep(Search search)
    {
        open[search.Id] = search;
        ages.Enqueue(search);
        positions += search.Positions.Count;
        while (ages.Count > 1 && (ages.Count > MostSearches || positions > MostPositions))
        {
            var oldest = ages.Dequeue();
            positions -= oldest.Positions.Count;
            foreach (var id in oldest.Ids)
            {
                open.Remove(id);
            }
        }
    }

    // Snowflake-like: the upper 32 bits are the second of issue minus up to an hour.
    private string NewId(DateTimeOffset now) =>
        (((now.ToUnixTimeSeconds() - random.Next(3600)) << 32) | (long)(random.NextUInt64() >> 32)).ToString(CultureInfo.InvariantCulture);

    /// <summary>The index's positions, with the additional deleted ones that the faults ask for.</summary>
    private static List<long> Positions(IReadOnlyList<SandboxVideo> index, int size, bool sparse, SandboxFaults faults, SeededRandom chance)
    {
        var list = new List<long>(index.Count);
        foreach (var video in index)
        {
            while (chance.Chance(faults.ShortPages))
            {
                list.Add(Search.LongGone);
            }

            // The back end of later pages knows a sixth of what the first one knows.
            if (!sparse || list.Count < size || chance.Chance(1 / 6.0))
            {
                list.Add(video.Id);
            }
        }

        return faults is { EmptyPageEvery: null, EmptyPages: 0 }
            ? list
            : [.. list.Chunk(size).SelectMany((page, number) => IsEmptyBefore(number) ? [.. Enumerable.Repeat(Search.LongGone, size), .. page] : page)];

        bool IsEmptyBefore(int number) => (number + 1) % (faults.EmptyPageEvery ?? int.MaxValue) == 0 || chance.Chance(faults.EmptyPages);
    }
}

/// <summary>One search: its positions were fixed on the first page.</summary>
internal sealed class Search(string id, string identity, IReadOnlyList<long> positions)
{
    /// <summary>The position of an item that was deleted long ago.</summary>
    public const long LongGone = 0;

    private readonly List<string> ids = [id];

    /// <summary>The id that the next page is to be asked with.</summary>
    public string Id => ids[^1];

    /// <summary>All ids that it ever had; each is good as long as the search is.</summary>
    public IReadOnlyList<string> Ids => ids;

    public string Identity => identity;

    public IReadOnlyList<long> Positions => positions;

    /// <summary>Later pages come from a back end that knows little.</summary>
    public bool IsSparse { get; init; }

    public int PagesServed { get; set; }

    public int NotReadyTries { get; set; }

    public DateTimeOffset NotReadyUntil { get; set; }

    public SandboxError NotReadyError { get; set; }

    public void Rename(string newId) => ids.Add(newId);

    /// <summary>The error of a search that the back end does not know yet; null: it does.</summary>
    public SandboxError? RefuseUntilReady(DateTimeOffset now)
    {
        if (NotReadyTries <= 0 && now >= NotReadyUntil)
        {
            return null;
        }

        NotReadyTries--;
        return NotReadyError;
    }
}
