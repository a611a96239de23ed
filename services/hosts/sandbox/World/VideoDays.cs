namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>The videos by UTC day: generated when looked at, forgotten when they become too many, and placed ones beside them.</summary>
internal sealed class VideoDays(VideoGenerator? generator)
{
    /// <summary>Generated videos that are kept; what was forgotten is generated again just the same.</summary>
    private const int MostKept = 100_000;

    private readonly Lock gate = new();
    private readonly Dictionary<DateOnly, IReadOnlyList<SandboxVideo>> generated = [];
    private readonly Queue<DateOnly> ages = [];
    private readonly Dictionary<DateOnly, SortedList<long, SandboxVideo>> placedByDay = [];
    private readonly Dictionary<long, SandboxVideo> placed = [];
    private int kept;

    public void Add(SandboxVideo video)
    {
        ArgumentNullException.ThrowIfNull(video);
        lock (gate)
        {
            if (placed.TryGetValue(video.Id, out var other))
            {
                placedByDay[other.Day].Remove(other.Id);
            }

            if (!placedByDay.TryGetValue(video.Day, out var day))
            {
                placedByDay[video.Day] = day = [];
            }

            placed[video.Id] = day[video.Id] = video;
        }
    }

    /// <summary>All of a day, newest first.</summary>
    public IReadOnlyList<SandboxVideo> Of(DateOnly day)
    {
        lock (gate)
        {
            var videos = Generated(day);
            return placedByDay.TryGetValue(day, out var more)
                ? [.. videos.Where(video => !placed.ContainsKey(video.Id)).Concat(more.Values).OrderByDescending(video => video.Id)]
                : videos;
        }
    }

    public SandboxVideo? Find(long id)
    {
        lock (gate)
        {
            if (placed.TryGetValue(id, out var video))
            {
                return video;
            }

            if (id >> 32 is not (> 0 and < 4_102_444_800) || generator is null)
            {
                return null;
            }

            // The upload begins up to 77 seconds before the post, so perhaps on the day before it.
            var uploaded = DateTimeOffset.FromUnixTimeSeconds(id >> 32);
            var day = DateOnly.FromDateTime(uploaded.UtcDateTime);
            return FindIn(day) ?? (uploaded.TimeOfDay > TimeSpan.FromHours(23.9) ? FindIn(day.AddDays(1)) : null);
        }

        SandboxVideo? FindIn(DateOnly day)
        {
            var videos = Generated(day);
            var (low, high) = (0, videos.Count - 1);
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (videos[middle].Id == id)
                {
                    return videos[middle];
                }

                (low, high) = videos[middle].Id > id ? (middle + 1, high) : (low, middle - 1);
            }

            return null;
        }
    }

    private IReadOnlyList<SandboxVideo> Generated(DateOnly day)
    {
        if (generator is null)
        {
            return [];
        }

        if (generated.TryGetValue(day, out var videos))
        {
            return videos;
        }

        generated[day] = videos = generator.Generate(day);
        ages.Enqueue(day);
        kept += videos.Count;
        while (kept > MostKept && ages.Count > 1)
        {
            generated.Remove(ages.Dequeue(), out var oldest);
            kept -= oldest!.Count;
        }

        return videos;
    }
}
