using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox;

/// <summary>Everything that exists behind the sandbox's API. It follows from the seed and is made when looked at, so that
/// a million videos need no memory; only what a test places is kept. Safe for several threads.</summary>
public sealed class SandboxWorld
{
    private readonly SandboxClock clock;
    private readonly VideoDays days;
    private readonly CommentGenerator comments;
    private readonly SocialGraph graph;
    private readonly Lock gate = new();
    private readonly Dictionary<string, SandboxCreator> creators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<long, List<SandboxComment>> placedComments = [];
    private readonly Dictionary<long, SandboxPlaylist> placedPlaylists = [];
    private readonly IReadOnlyDictionary<string, SandboxCreator> hidden;
    private IReadOnlyList<SandboxCreator>? sorted;

    internal SandboxWorld(SandboxOptions options, SandboxClock clock)
    {
        this.clock = clock;
        IsEmpty = options.EmptyWorld;
        var (shown, behind) = IsEmpty ? ([], []) : CreatorGenerator.Generate(options.Seed, options.Creators);
        foreach (var creator in shown)
        {
            creators[Handle(creator.Username)] = creator;
        }

        hidden = behind.ToDictionary(creator => creator.Username, StringComparer.OrdinalIgnoreCase);
        days = new(IsEmpty ? null : new(options, shown));
        comments = new(options.Seed);
        graph = new(options.Seed, this);
        Shops = IsEmpty ? [] : ShopGenerator.Generate(options.Seed);
    }

    /// <summary>All accounts that post, by handle.</summary>
    public IReadOnlyList<SandboxCreator> Creators
    {
        get
        {
            lock (gate)
            {
                return sorted ??= [.. creators.Values.OrderBy(creator => creator.Username, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Accounts of which the API tells nothing: minors, Canadians, private ones.</summary>
    public IReadOnlyCollection<SandboxCreator> Hidden => [.. hidden.Values];

    /// <summary>All shops.</summary>
    public IReadOnlyList<SandboxShop> Shops { get; }

    /// <summary>Nothing is generated.</summary>
    internal bool IsEmpty { get; }

    /// <summary>Places a video. Searches that began earlier do not find it; a video with the same id takes the other's place.</summary>
    public void Add(SandboxVideo video) => days.Add(video);

    /// <summary>Places an account, or replaces the one with that handle.</summary>
    public void Add(SandboxCreator creator)
    {
        ArgumentNullException.ThrowIfNull(creator);
        lock (gate)
        {
            creators[Handle(creator.Username)] = creator;
            sorted = null;
        }
    }

    /// <summary>Places a comment behind those that are there: on its video, or as reply to its parent.</summary>
    public void Add(SandboxComment comment)
    {
        ArgumentNullException.ThrowIfNull(comment);
        lock (gate)
        {
            var list = comment.VideoId ?? comment.ParentId;
            if (!placedComments.TryGetValue(list, out var placed))
            {
                placedComments[list] = placed = [];
            }

            placed.RemoveAll(other => other.Id == comment.Id);
            placed.Add(comment);
        }
    }

    /// <summary>Places a playlist, or replaces the one with that id.</summary>
    public void Add(SandboxPlaylist playlist)
    {
        ArgumentNullException.ThrowIfNull(playlist);
        lock (gate)
        {
            placedPlaylists[playlist.Id] = playlist;
        }
    }

    /// <summary>Every video of a UTC day, newest first, deleted and not yet indexed ones included.</summary>
    public IReadOnlyList<SandboxVideo> VideosOf(DateOnly day) => days.Of(day);

    /// <summary>The video with this id, also when it is gone; null: there never was one.</summary>
    public SandboxVideo? FindVideo(long id) => days.Find(id);

    /// <summary>The truth: what a complete collection made now holds. Both days inclusive, UTC; descending id; nothing deleted.</summary>
    public IReadOnlyList<SandboxVideo> Find(SandboxQuery query, DateOnly start, DateOnly end) => Find(query, start, end, clock.GetUtcNow());

    /// <summary>The truth at another time than now.</summary>
    public IReadOnlyList<SandboxVideo> Find(SandboxQuery query, DateOnly start, DateOnly end, DateTimeOffset now) =>
        [.. Index(query, start, end, now).Where(video => IsShown(video, now))];

    /// <summary>The search index: as <see cref="Find(SandboxQuery, DateOnly, DateOnly, DateTimeOffset)"/>, with the deleted and private ones.</summary>
    public IReadOnlyList<SandboxVideo> Index(SandboxQuery query, DateOnly start, DateOnly end, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        var found = new List<SandboxVideo>();
        for (var day = end; day >= start; day = day.AddDays(-1))
        {
            found.AddRange(VideosOf(day).Where(video => video.IsDisclosed && video.IsIndexed(now) && query.Matches(video, now)));
        }

        found.Sort((a, b) => b.Id.CompareTo(a.Id));
        return found;
    }

    /// <summary>Whether pages show the video: neither deleted nor of a private account.</summary>
    public bool IsShown(SandboxVideo video, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(video);
        return video.IsDisclosed && !video.IsGone(now) && FindAny(video.Username) is not { Private: true };
    }

    /// <summary>The account with this handle, with its live counts, also one that is hidden; null: there is none.</summary>
    public SandboxCreator? FindCreator(string username)
    {
        if (FindAny(username) is not { Grows: true } creator)
        {
            return FindAny(username);
        }

        var growth = (clock.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).Days;
        var factor = Math.Clamp(1 + (growth * 0.0007), 0.1, 10);
        return creator with
        {
            Followers = (long)(creator.Followers * factor),
            Likes = (long)(creator.Likes * factor),
            Videos = Math.Max(1, creator.Videos + (growth / 5)),
        };
    }

    /// <summary>The truth about a video's comments now, in the API's order, no replies; empty also when the video is gone or discloses none.</summary>
    public IReadOnlyList<SandboxComment> CommentsOf(long videoId) =>
        FindVideo(videoId) is { CommentsDisabled: true } ? [] : [.. Shown(CommentIndex(videoId))];

    /// <summary>The truth about the replies to a comment now.</summary>
    public IReadOnlyList<SandboxComment> RepliesTo(long commentId) => [.. Shown(ReplyIndex(commentId) ?? [])];

    /// <summary>Who follows the account now, newest first.</summary>
    public IReadOnlyList<SandboxFollow> FollowersOf(string username) => Of(username, (owner, now) => graph.Follows(owner, followers: true, now));

    /// <summary>Whom the account follows now, newest first.</summary>
    public IReadOnlyList<SandboxFollow> FollowedBy(string username) => Of(username, (owner, now) => graph.Follows(owner, followers: false, now));

    /// <summary>What the account likes, newest like first, shown or not.</summary>
    public IReadOnlyList<SandboxMarked> LikedBy(string username) => Of(username, graph.Likes);

    /// <summary>What the account reposted, newest repost first, shown or not.</summary>
    public IReadOnlyList<SandboxMarked> RepostedBy(string username) => Of(username, graph.Reposts);

    /// <summary>What the account pinned, shown or not.</summary>
    public IReadOnlyList<SandboxVideo> PinnedBy(string username) => Of(username, graph.Pins);

    /// <summary>The playlist with this id; null: there is none, or nothing in it is there any more.</summary>
    public SandboxPlaylist? FindPlaylist(long id)
    {
        lock (gate)
        {
            if (placedPlaylists.TryGetValue(id, out var placed))
            {
                return placed;
            }
        }

        return IsEmpty ? null : Playlists.Find(id, VideosOf, clock.GetUtcNow());
    }

    internal static string Handle(string username) => username.TrimEnd('\0');

    /// <summary>Positions of a video's comment list: written by now, deleted ones included.</summary>
    internal IReadOnlyList<SandboxComment> CommentIndex(long videoId)
    {
        var now = clock.GetUtcNow();
        return FindVideo(videoId) is { } video && IsShown(video, now) && video.IsIndexed(now)
            ? Written([.. IsEmpty ? [] : comments.Of(video), .. Placed(videoId)])
            : [];
    }

    /// <summary>Positions of a comment's reply list; null: there never was such a comment.</summary>
    internal IReadOnlyList<SandboxComment>? ReplyIndex(long commentId)
    {
        var placed = Placed(commentId);
        var generated = IsEmpty ? null : comments.RepliesTo(commentId);
        return generated is null && placed.Count == 0 ? null : Written([.. generated ?? [], .. placed]);
    }

    /// <summary>Whether a comment or reply is there now, as batch compliance asks.</summary>
    internal bool IsCommentThere(long id)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (placedComments.Values.SelectMany(list => list).FirstOrDefault(comment => comment.Id == id) is { } placed)
            {
                return placed.IsWritten(now) && !placed.IsGone(now);
            }
        }

        return !IsEmpty && comments.IsThere(id, now);
    }

    private List<SandboxComment> Placed(long list)
    {
        lock (gate)
        {
            return placedComments.TryGetValue(list, out var placed) ? [.. placed] : [];
        }
    }

    private List<SandboxComment> Written(List<SandboxComment> all)
    {
        var now = clock.GetUtcNow();
        return [.. all.Where(comment => comment.IsWritten(now))];
    }

    private IEnumerable<SandboxComment> Shown(IEnumerable<SandboxComment> index)
    {
        var now = clock.GetUtcNow();
        return index.Where(comment => !comment.IsGone(now));
    }

    private IReadOnlyList<T> Of<T>(string username, Func<SandboxCreator, DateTimeOffset, IReadOnlyList<T>> list) =>
        FindAny(username) is { } owner ? list(owner, clock.GetUtcNow()) : [];

    private SandboxCreator? FindAny(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        lock (gate)
        {
            return creators.GetValueOrDefault(Handle(username)) ?? hidden.GetValueOrDefault(username) ?? CreatorGenerator.FindViewer(username);
        }
    }
}
