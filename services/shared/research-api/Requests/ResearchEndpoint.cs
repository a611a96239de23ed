namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// One endpoint as a description: what it is asked about, how its pages are counted, and where its answer holds what.
/// All of them are in <see cref="ResearchEndpoints"/>; whoever walks pages needs no more than this.
/// </summary>
public sealed record ResearchEndpoint
{
    /// <summary>Path below <c>/v2/research/</c>, without slashes at its ends, e.g. <c>user/followers</c>. Also its name in logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>The key of the one thing that a request is about, e.g. <c>username</c>; empty when it takes more than that.</summary>
    public string SubjectKey { get; init; } = "";

    public SubjectKind SubjectKind { get; init; }

    /// <summary>What can be asked for; null when the endpoint takes no list of fields.</summary>
    public FieldList? Fields { get; init; }

    public CursorKind Cursor { get; init; }

    /// <summary>The key of the cursor in a request's body.</summary>
    public string CursorKey { get; init; } = "cursor";

    /// <summary>The key that says how many items a page may have; empty when a request cannot say it.</summary>
    public string CountKey { get; init; } = "";

    /// <summary>Most items of a page.</summary>
    public int LargestPage { get; init; } = 100;

    /// <summary>TikTok shows no more items than this of one list, as far as known; null when no end is known.</summary>
    public int? Reach { get; init; }

    /// <summary>Keys under which the list of items may stand; empty when the answer is one object rather than a list.</summary>
    public IReadOnlyList<string> ItemKeys
    {
        get;
        init
        {
            field = value;
            DataNames = new([.. PageReader.OuterKeys, .. value]);
        }
    }
        = [];

    /// <summary>Keys under which an item says which one it is, the usual one first; empty when the item itself is an id, or has none.</summary>
    public IReadOnlyList<string> IdKeys
    {
        get;
        init
        {
            field = value;
            ItemNames = new([PageReader.CreateTimeKey, .. value]);
        }
    }
        = ["id"];

    /// <summary>Counts against the 20,000 of a day rather than against the 1,000.</summary>
    public bool IsFollow { get; init; }

    /// <summary>Has answered HTTP 500 with good data: the data count.</summary>
    public bool FailsFalsely { get; init; }

    /// <summary>Answers 403 when a user does not show the list.</summary>
    public bool MayBeHidden { get; init; }

    /// <summary>Path below the host, with the closing slash.</summary>
    public string Path => $"/v2/research/{Name}/";

    /// <summary>The fields of an answer's data that matter to a walk.</summary>
    internal NameTable DataNames { get; private init; } = new(PageReader.OuterKeys);

    /// <summary>The fields of an item that matter to a walk.</summary>
    internal NameTable ItemNames { get; private init; } = new([PageReader.CreateTimeKey, "id"]);

    /// <summary>A request about one thing, for its first page.</summary>
    public SubjectRequest Ask(string subject) => new() { Endpoint = this, Subject = subject };

    /// <summary>
    /// Where the walk goes on after a page; null when that was the last one that TikTok shows. When it has more all the same
    /// (<see cref="PageFacts.HasMore"/>), the list is longer than <see cref="Reach"/>.
    /// </summary>
    /// <param name="cursor">Where the page began.</param>
    /// <param name="page">The page.</param>
    /// <param name="asked">How many items it could have had.</param>
    public long? After(long cursor, PageFacts page, int asked) => Next(cursor, page, asked) is var next && next >= Reach ? null : next;

    /// <summary>Whether a walk that goes from one place to the other comes nearer to its end.</summary>
    public bool Advances(long from, long to) => Cursor switch
    {
        CursorKind.UnixSeconds => to > 0 && (from == 0 || to < from),
        CursorKind.Opaque => to > 0 && to != from,
        _ => to > from,
    };

    public bool Equals(ResearchEndpoint? other) => other is not null && string.Equals(Name, other.Name, StringComparison.Ordinal) && string.Equals(SubjectKey, other.SubjectKey, StringComparison.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Name, SubjectKey);

    public override string ToString() => Name;

    private long? Next(long cursor, PageFacts page, int asked) => Cursor switch
    {
        CursorKind.None => null,
        CursorKind.PageNumber => page.Items.Count < asked ? null : Math.Max(cursor, 1) + 1,
        _ when !page.HasMore => null,
        CursorKind.Index => page.Cursor is >= 0 and var position ? position : cursor + asked,

        // More is promised and nothing says where: the same place again is no progress, and the walker sees that.
        _ => page.Cursor is > 0 and var place ? place : cursor,
    };
}
