namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>Who follows whom, who likes and reposts what: for each account a line of events that goes on as the clock does.</summary>
internal sealed class SocialGraph(int seed, SandboxWorld world)
{
    // Lists of big accounts end after some thousand entries.
    private const int MostListed = 5000;

    private const int Viewers = 2_000_000;
    private const double CreatorShare = 0.1;

    private static readonly DateTimeOffset Beginning = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan TwoYears = TimeSpan.FromDays(730);

    private enum Kind
    {
        Followers = 1,
        Following = 2,
        Likes = 3,
        Reposts = 4,
    }

    /// <summary>Newest first, public accounts only, each once. Most are accounts that only look.</summary>
    public IReadOnlyList<SandboxFollow> Follows(SandboxCreator owner, bool followers, DateTimeOffset now)
    {
        var everybody = world.Creators;
        SandboxCreator Other(SeededRandom random) => random.Chance(CreatorShare) ? random.Pick(everybody) : CreatorGenerator.Viewer(random.Next(Viewers));
        var (kind, count) = followers ? (Kind.Followers, owner.Followers) : (Kind.Following, owner.Following);
        var listed = new HashSet<string>(StringComparer.Ordinal) { owner.Username };
        return Events(owner, kind, count, now, (since, random) =>
            Other(random) is { Private: false } other && listed.Add(other.Username) ? new SandboxFollow(since, other) : null);
    }

    /// <summary>Newest like first; videos that are gone stay as positions.</summary>
    public IReadOnlyList<SandboxMarked> Likes(SandboxCreator owner, DateTimeOffset now) =>
        Marked(owner, owner.Liked, Kind.Likes, owner.LikesArePublic ? 260 : 0, now);

    /// <summary>Newest repost first; three in ten accounts repost at all.</summary>
    public IReadOnlyList<SandboxMarked> Reposts(SandboxCreator owner, DateTimeOffset now) =>
        Marked(owner, owner.Reposted, Kind.Reposts, SeededRandom.Hash(owner.Username) % 10 is >= -1 and <= 1 ? 90 : 0, now);

    /// <summary>At most three videos of the account's own.</summary>
    public IReadOnlyList<SandboxVideo> Pins(SandboxCreator owner, DateTimeOffset now)
    {
        if (owner.Pinned is { } placed)
        {
            return [.. placed.Select(world.FindVideo).OfType<SandboxVideo>()];
        }

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var wanted = (int)((ulong)SeededRandom.Hash(owner.Username) % 4);
        return wanted == 0 || world.IsEmpty ? [] : [.. Enumerable.Range(0, 60)
            .SelectMany(days => world.VideosOf(FirstOf(today).AddDays(-days)))
            .Where(video => video.Username == owner.Username)
            .Take(wanted)];
    }

    // Pins are chosen once a month, so a list does not change with every day.
    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);

    private IReadOnlyList<SandboxMarked> Marked(SandboxCreator owner, IReadOnlyList<long>? placed, Kind kind, int count, DateTimeOffset now) => placed is not null
        ? [.. placed.Select(world.FindVideo).OfType<SandboxVideo>().Select((video, index) => new SandboxMarked(now.AddHours(-1 - index), video))]
        : world.IsEmpty ? [] : Events(owner, kind, count, now, (since, random) =>
        {
            var videos = world.VideosOf(DateOnly.FromDateTime(since.UtcDateTime).AddDays(-1));
            return videos.Count == 0 ? null : new SandboxMarked(since, random.Pick(videos));
        });

    private List<T> Events<T>(SandboxCreator owner, Kind kind, long count, DateTimeOffset now, Func<DateTimeOffset, SeededRandom, T?> make)
        where T : class
    {
        var events = new List<T>();
        if (count <= 0)
        {
            return events;
        }

        var random = new SeededRandom(SeededRandom.Mix(seed, SeededRandom.Hash(owner.Username), (long)kind));
        var usual = TwoYears / Math.Min(count, MostListed);
        for (var time = Beginning; ;)
        {
            time = time.AddMilliseconds(Math.Floor(1 - (usual.TotalMilliseconds * Math.Log(1 - random.NextDouble()))));
            if (time > now)
            {
                break;
            }

            if (make(time, random) is { } one)
            {
                events.Add(one);
            }
        }

        events.Reverse();
        return events.Count <= MostListed ? events : events[..MostListed];
    }
}
