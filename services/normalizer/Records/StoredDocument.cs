using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>A document: the latest reading as a whole, but for the ids of a set, which each page adds to.</summary>
internal sealed record StoredDocument : StoredItem
{
    /// <summary>Ids of a set that are kept, the first that were seen.</summary>
    public const int LargestSet = 50_000;

    [JsonIgnore]
    public override StoredType Type { get; init; }

    /// <summary>What makes it one of its type.</summary>
    public required string DocumentKey { get; init; }

    /// <inheritdoc/>
    public override required ReadVersion Version { get; init; }

    /// <summary>TikTok's fields under TikTok's names that name nobody; what TikTok left out stays out.</summary>
    public required JsonObject Fields { get; init; }

    /// <summary>The fields that lie with the names.</summary>
    public IReadOnlyList<string> Withheld { get; init; } = [];

    /// <summary>Ids that any page had, in the order in which they were first seen; null when it is no set.</summary>
    public IReadOnlyList<SeenId>? Set { get; init; }

    [JsonIgnore]
    public override string Id => DocumentKey;

    [JsonIgnore]
    public override long SortAt => 0;

    [JsonIgnore]
    public override string? Language => null;

    /// <summary>What two readings say together.</summary>
    public static StoredDocument Merge(StoredDocument one, StoredDocument other)
    {
        var newer = one.Version >= other.Version ? one : other;
        return newer with { Set = SetOf(one.Set, other.Set) };
    }

    public override StoredItem MergedWith(StoredItem other) => Merge(this, (StoredDocument)other);

    /// <summary>The type only: a key may tell who follows whom.</summary>
    public override string ToString() => Type.Name();

    private static IReadOnlyList<SeenId>? SetOf(IReadOnlyList<SeenId>? one, IReadOnlyList<SeenId>? other) => one is null || other is null
        ? one ?? other
        : [.. one.Concat(other).GroupBy(seen => seen.Id, StringComparer.Ordinal).Select(same => same.Min()).Order().Take(LargestSet)];
}

/// <summary>An id of a set and when a page first had it.</summary>
/// <param name="Id">Decimal text.</param>
/// <param name="At">When that page was fetched, unix milliseconds.</param>
/// <param name="Position">Its place in the page.</param>
internal readonly record struct SeenId(string Id, long At, int Position) : IComparable<SeenId>
{
    public int CompareTo(SeenId other)
    {
        var byTime = At.CompareTo(other.At);
        var byPlace = byTime != 0 ? byTime : Position.CompareTo(other.Position);
        return byPlace != 0 ? byPlace : string.CompareOrdinal(Id, other.Id);
    }

    public static bool operator <(SeenId left, SeenId right) => left.CompareTo(right) < 0;

    public static bool operator >(SeenId left, SeenId right) => left.CompareTo(right) > 0;

    public static bool operator <=(SeenId left, SeenId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SeenId left, SeenId right) => left.CompareTo(right) >= 0;
}
