using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox;

/// <summary>Everything that exists behind the sandbox's API. Days are generated when first looked at; safe for several threads.</summary>
public sealed class SandboxWorld
{
    private const int DaysKept = 1200;

    private readonly Lock gate = new();
    private readonly SandboxClock clock;
    private readonly VideoGenerator? generator;
    private readonly Dictionary<DateOnly, IReadOnlyList<SandboxVideo>> generated = [];
    private readonly Dictionary<DateOnly, List<SandboxVideo>> added = [];
    private readonly Dictionary<string, SandboxCreator> creators = new(StringComparer.OrdinalIgnoreCase);

    internal SandboxWorld(SandboxOptions options, SandboxClock clock)
    {
        this.clock = clock;
        if (options.EmptyWorld)
        {
            return;
        }

        var inhabitants = CreatorGenerator.Generate(options.Seed, options.Creators);
        generator = new(options, inhabitants);
        foreach (var creator in inhabitants)
        {
            creators[Handle(creator.Username)] = creator;
        }
    }

    /// <summary>All accounts, by handle.</summary>
    public IReadOnlyList<SandboxCreator> Creators
    {
        get
        {
            lock (gate)
            {
                return [.. creators.Values.OrderBy(creator => creator.Username, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Places a video. Searches that began earlier do not see it; a video with the same id takes the other's place.</summary>
    public void Add(SandboxVideo video)
    {
        ArgumentNullException.ThrowIfNull(video);
        lock (gate)
        {
            if (!added.TryGetValue(video.Day, out var day))
            {
                added[video.Day] = day = [];
            }

            day.RemoveAll(other => other.Id == video.Id);
            day.Add(video);
        }
    }

    /// <summary>Places an account, or replaces the one with that handle.</summary>
    public void Add(SandboxCreator creator)
    {
        ArgumentNullException.ThrowIfNull(creator);
        lock (gate)
        {
            creators[Handle(creator.Username)] = creator;
        }
    }

    /// <summary>Every video of a UTC day, newest first, deleted and not yet indexed ones included.</summary>
    public IReadOnlyList<SandboxVideo> VideosOf(DateOnly day)
    {
        lock (gate)
        {
            if (!generated.TryGetValue(day, out var videos))
            {
                // What was forgotten is generated again just the same.
                if (generated.Count >= DaysKept)
                {
                    generated.Clear();
                }

                generated[day] = videos = generator?.Generate(day) ?? [];
            }

            if (!added.TryGetValue(day, out var placed))
            {
                return videos;
            }

            var ids = placed.Select(video => video.Id).ToHashSet();
            return [.. videos.Where(video => !ids.Contains(video.Id)).Concat(placed).OrderByDescending(video => video.Id)];
        }
    }

    /// <summary>The truth: what a complete collection made now holds. Both days inclusive, UTC; descending id; nothing deleted.</summary>
    public IReadOnlyList<SandboxVideo> Find(SandboxQuery query, DateOnly start, DateOnly end) => Find(query, start, end, clock.GetUtcNow());

    /// <summary>The truth at another time than now.</summary>
    public IReadOnlyList<SandboxVideo> Find(SandboxQuery query, DateOnly start, DateOnly end, DateTimeOffset now) =>
        [.. Index(query, start, end, now).Where(video => !video.IsGone(now))];

    /// <summary>The search index: as <see cref="Find(SandboxQuery, DateOnly, DateOnly, DateTimeOffset)"/>, with the deleted and private ones.</summary>
    public IReadOnlyList<SandboxVideo> Index(SandboxQuery query, DateOnly start, DateOnly end, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        var found = new List<SandboxVideo>();
        for (var day = end; day >= start; day = day.AddDays(-1))
        {
            found.AddRange(VideosOf(day).Where(video => video.IsIndexed(now) && query.Matches(video, now)));
        }

        found.Sort((a, b) => b.Id.CompareTo(a.Id));
        return found;
    }

    /// <summary>The account with this handle, with its live counts; null: there is none.</summary>
    public SandboxCreator? FindCreator(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        SandboxCreator? creator;
        lock (gate)
        {
            creator = creators.GetValueOrDefault(Handle(username));
        }

        if (creator is not { Grows: true })
        {
            return creator;
        }

        var days = (clock.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).Days;
        var growth = Math.Clamp(1 + (days * 0.0007), 0.1, 10);
        return creator with
        {
            Followers = (long)(creator.Followers * growth),
            Likes = (long)(creator.Likes * growth),
            Videos = Math.Max(1, creator.Videos + (days / 5)),
        };
    }

    internal static string Handle(string username) => username.TrimEnd('\0');
}
