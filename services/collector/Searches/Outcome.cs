using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What one request brought, as far as the walk needs to know.</summary>
internal sealed record Outcome
{
    public required ApiErrorClass Class { get; init; }

    public InvalidParamsKind? InvalidParams { get; init; }

    /// <summary>TikTok's code; empty when unreadable.</summary>
    public string Code { get; init; } = "";

    public string LogId { get; init; } = "";

    /// <summary>What to do about it.</summary>
    public ApiReaction Reaction => new ApiError { Class = Class, InvalidParams = InvalidParams }.Reaction;

    /// <summary>It answers something that was asked in place of the search's own request: it says nothing of what the search asks for.</summary>
    public bool IsInPlace { get; init; }

    public bool HasMore { get; init; }

    /// <summary>Where the next page starts; of a list null at the end of what TikTok shows.</summary>
    public long? Cursor { get; init; }

    /// <summary>The page of a list says where it ends, whether or not more follows.</summary>
    public bool SaysWhere { get; init; }

    /// <summary>Neither items nor a cursor nor "more": a first page may be so, but the page before a later one promised something.</summary>
    public bool IsVoid => !HasMore && !SaysWhere && Cursor is null && VideoIds.Count == 0;

    public string TikTokSearchId { get; init; } = "";

    /// <summary>Of a check: the task that was created; otherwise empty.</summary>
    public string TaskId { get; init; } = "";

    /// <summary>Of a check: how far its task is; null when the answer was about something else.</summary>
    public ValidationTaskState? TaskState { get; init; }

    /// <summary>Ids in the page, as text; of a list, what tells its items apart, without names.</summary>
    public IReadOnlyList<string> VideoIds { get; init; } = [];

    /// <summary>How many of them match none of the search's clauses by our own reading; null: not compared.</summary>
    public int? Unmatched { get; init; }

    /// <summary>Of a merged search: how many of them match each of its clauses, by clause_id; clauses that none matches are not there.</summary>
    public IReadOnlyDictionary<string, int> Matches { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many of them this search had not seen.</summary>
    public int NewVideos { get; init; }

    /// <summary>Day of the oldest video of the page; null without videos.</summary>
    public DateOnly? OldestDay { get; init; }

    /// <summary>The smallest id of the page, by which the list is sorted; empty without videos.</summary>
    public string LowestId { get; init; } = "";

    /// <summary>When the first video of the page was posted, and the last; null when nothing tells.</summary>
    public DateTimeOffset? NewestAt { get; init; }

    /// <summary>See <see cref="NewestAt"/>.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>How the page spells countries.</summary>
    public RegionSpelling Regions { get; init; }

    /// <summary>Of a search that reads a stretch again: videos that the searches before it had not brought.</summary>
    public int Unseen { get; init; }

    /// <summary>Of a search that reads a stretch again: videos that lie between those of the suspect page.</summary>
    public int InStretch { get; init; }

    /// <summary>Of those, the ones that the suspect page should have held and did not.</summary>
    public int Missed { get; init; }

    /// <summary>Of a check of the local match: what it found; null when it is none, or there was nothing to compare.</summary>
    public TwinResult? Twin { get; init; }
}

/// <summary>How a page spells countries. A page in small letters after one in capitals comes from another back end, which knows less.</summary>
internal enum RegionSpelling
{
    /// <summary>No video of it tells.</summary>
    Unknown,

    /// <summary>At least one in capitals.</summary>
    Capitals,

    /// <summary>All in small letters.</summary>
    Small,
}
