using System.Text.Json.Serialization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>How far a search is on its way to coverage.</summary>
internal enum SearchStatus
{
    /// <summary>Requests may be sent for it.</summary>
    Open,

    /// <summary>No request more, but some of its pages are not records yet.</summary>
    Drained,

    /// <summary>Its days are covered, or are gaps.</summary>
    Closed,
}

/// <summary>A search as it is kept: what it asks for, where it stands and whom it serves.</summary>
internal sealed record SearchRecord
{
    /// <summary>Its priority is that of the most urgent collection that waits for it.</summary>
    public required Search Search { get; init; }

    /// <summary>Place among the searches of one plan.</summary>
    public int Ordinal { get; init; }

    public SearchStatus Status { get; init; }

    public Checkpoint Checkpoint { get; init; } = Checkpoint.Start;

    /// <summary>Who has the request that is in flight, or had the last one; null before the first.</summary>
    public Holder? Holder { get; init; }

    /// <summary>The collection that paid for the last request; empty when nobody did.</summary>
    public string Payer { get; init; } = "";

    /// <summary>The collections that it serves, in order of their ids.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>Whether TikTok answered to the end.</summary>
    public bool Answered { get; init; } = true;

    /// <summary>Whether the end of its refresh has been announced.</summary>
    public bool Announced { get; init; }

    /// <summary>Days that it will have covered once its pages are records.</summary>
    public Days? Covered { get; init; }

    /// <summary>What its pages have brought; null before the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Brought? Brought { get; init; }

    /// <summary>How many of its pages are not records yet, by who paid for them.</summary>
    public IReadOnlyDictionary<string, int> Unanswered { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Whether this is the request that is in flight now.</summary>
    public bool IsInFlight(OpenSearch open) =>
        Status is SearchStatus.Open && open.Checkpoint.InFlightGrant.Length > 0 && Checkpoint.InFlightGrant == open.Checkpoint.InFlightGrant;

    /// <summary>Whether the search stands where it stood when it was listed, with no request in flight.</summary>
    public bool IsUnmoved(OpenSearch open) =>
        Status is SearchStatus.Open && open.Checkpoint.InFlightGrant.Length == 0 && Checkpoint == open.Checkpoint;

    /// <summary>Whether something that it read, or that this collection paid for, has not become records yet.</summary>
    public bool IsUnsettledFor(string collectionId) => Status switch
    {
        SearchStatus.Drained => true,
        SearchStatus.Open => (Checkpoint.IsAwaited && Payer == collectionId) || Unanswered.ContainsKey(collectionId),
        _ => false,
    };

    /// <summary>The same with so many pages more (or fewer) that are not records yet.</summary>
    public SearchRecord Awaiting(string payer, int more) => this with
    {
        Unanswered = Unanswered
            .Append(new(payer, more))
            .GroupBy(each => each.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, Count: group.Sum(each => each.Value)))
            .Where(each => each.Count > 0)
            .ToDictionary(each => each.Key, each => each.Count, StringComparer.Ordinal),
    };
}
