using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// A thing that is kept, without names, merged from every page that held it. Merging is associative, commutative and idempotent, so the order of pages never shows.
/// </summary>
internal abstract record StoredItem
{
    /// <summary>What it is; a store keeps it beside the thing.</summary>
    [JsonIgnore]
    public abstract StoredType Type { get; init; }

    /// <summary>What makes it one of its type: TikTok's id, or a document's key.</summary>
    [JsonIgnore]
    public abstract string Id { get; }

    /// <summary>The latest page of a search or list that held it.</summary>
    public abstract ReadVersion Version { get; init; }

    /// <summary>Where it is sorted before its id, unix milliseconds; documents have no time.</summary>
    [JsonIgnore]
    public abstract long SortAt { get; }

    /// <summary>ISO 639 code; null when undetermined or nothing to read.</summary>
    [JsonIgnore]
    public abstract string? Language { get; }

    /// <summary>What tells it apart from everything else of its lab.</summary>
    [JsonIgnore]
    public string Key => StoredTypes.Key(Type, Id);

    /// <summary>The fetch time of <see cref="Version"/>.</summary>
    [JsonIgnore]
    public DateTimeOffset CollectedAt => DateTimeOffset.FromUnixTimeMilliseconds(Version.At);

    /// <summary>What this and another reading of the same thing say together.</summary>
    public abstract StoredItem MergedWith(StoredItem other);
}
