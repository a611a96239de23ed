using IssueObservatory.Mesh.RefreshScheduler;

namespace IssueObservatory.Mesh.Tests.RefreshScheduler;

/// <summary>A corpus that is refreshed by the real plan and packing, an hour at a time; every request is answered at once and finds every video.</summary>
internal sealed class PackedCorpus
{
    private readonly SortedDictionary<DateOnly, PriorityQueue<ScheduledVideo, DateTimeOffset>> windows = [];
    private long requests;
    private long videos;

    public PackedCorpus(IEnumerable<ScheduledVideo> corpus)
    {
        foreach (var video in corpus)
        {
            Put(video);
        }
    }

    /// <summary>Videos read after their deadline.</summary>
    public int Late { get; private set; }

    /// <summary>Mean of what a request held.</summary>
    public double IdsARequest => (double)videos / requests;

    /// <summary>As the store counts it.</summary>
    public IEnumerable<VideosOfDay> ByDueDay() =>
        windows.Values.SelectMany(window => window.UnorderedItems).GroupBy(video => DateOnly.FromDateTime(video.Element.DueAt.UtcDateTime)).Select(day => new VideosOfDay(day.Key, day.Count()));

    /// <summary>Refreshes a day long; answers the requests that it took.</summary>
    public int RunDay(DateTimeOffset midnight)
    {
        var before = requests;
        for (var hour = 0; hour < 24; hour++)
        {
            Run(midnight.AddHours(hour));
        }

        return (int)(requests - before);
    }

    private void Run(DateTimeOffset now)
    {
        List<ScheduledVideo> due = [];
        foreach (var window in windows.Values)
        {
            due.AddRange(Take(window, now, int.MaxValue));
        }

        foreach (var batch in RefreshBatches.Pack(due))
        {
            var window = windows[RefreshBatches.WindowOf(batch.From).From];
            var next = Take(window, DateTimeOffset.MaxValue, RefreshBatch.LargestSize - batch.Videos.Count);
            var filled = RefreshBatches.Fill(batch, next);
            requests++;
            videos += filled.Videos.Count;
            foreach (var video in filled.Videos)
            {
                Late += video.Deadline < now ? 1 : 0;
                Put(RefreshPlan.Read(video.PlatformId, video.PublishedAt, now));
            }
        }
    }

    private void Put(ScheduledVideo video)
    {
        var from = RefreshBatches.WindowOf(video.UploadDay).From;
        if (!windows.TryGetValue(from, out var window))
        {
            windows[from] = window = new();
        }

        window.Enqueue(video, video.DueAt);
    }

    private static List<ScheduledVideo> Take(PriorityQueue<ScheduledVideo, DateTimeOffset> window, DateTimeOffset dueBy, int most)
    {
        List<ScheduledVideo> taken = [];
        while (taken.Count < most && window.TryPeek(out _, out var due) && due <= dueBy)
        {
            taken.Add(window.Dequeue());
        }

        return taken;
    }
}
