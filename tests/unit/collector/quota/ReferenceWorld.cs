using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.V1;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>
/// A Danish load as it is on a usual year: sparse terms of several arenas, most videos found by one of them, some by two. Of what the index holds, a share is
/// gone and still counts as positions.
/// </summary>
internal sealed class ReferenceWorld
{
    /// <summary>The median term has 0.46 hits a day; the mean is nearly twice that.</summary>
    private const double MedianRate = 0.46;
    private const double Spread = 1.11;

    /// <summary>Hits of all terms for each video that any of them finds.</summary>
    private const double HitsPerVideo = 1.41;

    /// <summary>Share of positions whose video is still there.</summary>
    private const double Survival = 0.65;

    private readonly Dictionary<string, List<SandboxVideo>> byTerm = new(StringComparer.Ordinal);

    public ReferenceWorld(int seed, int days = 365, int videos = 13_175, int terms = 60, int arenas = 6)
    {
        var random = new Random(seed);
        Days = new(new(2025, 1, 1), new DateOnly(2025, 1, 1).AddDays(days - 1));
        Terms = [.. Enumerable.Range(0, terms).Select(i => string.Create(CultureInfo.InvariantCulture, $"emne{i:00}"))];
        Arenas = [.. Terms.Chunk((terms + arenas - 1) / arenas)];
        var rates = Terms.Select(_ => MedianRate * Math.Exp(Spread * Normal(random))).ToArray();
        foreach (var term in Terms)
        {
            byTerm.Add(term, []);
        }

        Videos = [.. Enumerable.Range(0, videos).Select(i => Make(random, rates, days, i))];
        foreach (var video in Videos)
        {
            foreach (var term in video.HashtagNames)
            {
                byTerm[term].Add(video);
            }
        }
    }

    public DaysOf Days { get; }

    public IReadOnlyList<string> Terms { get; }

    /// <summary>The terms of each arena.</summary>
    public IReadOnlyList<string[]> Arenas { get; }

    public IReadOnlyList<SandboxVideo> Videos { get; }

    /// <summary>The least requests that can bring it all: full pages and nothing twice.</summary>
    public int Floor => (Videos.Count + 99) / 100;

    /// <summary>Ids that a search for this term alone would bring in these days: the oracle.</summary>
    public IEnumerable<string> Found(string term) => byTerm[term].Where(video => !video.IsGone(DateTimeOffset.MaxValue)).Select(video => video.Id.ToString(CultureInfo.InvariantCulture));

    public static Clause ClauseOf(string term) => Walks.Tag(term);

    /// <summary>Requests of a client that asks for each of these groups of terms in windows of so many days.</summary>
    /// <param name="groups">The terms of each query.</param>
    /// <param name="longest">Days of a window.</param>
    /// <param name="readsEndTwice">Whether a window begins with the last day of the one before.</param>
    public int RequestsOf(IEnumerable<IReadOnlyList<string>> groups, int longest, bool readsEndTwice = false) =>
        groups.Sum(group =>
        {
            var found = group.SelectMany(term => byTerm[term]).DistinctBy(video => video.Id).ToLookup(video => video.Day);
            return Days.Windows(longest)
                .Select(window => readsEndTwice && window.To < Days.To ? window with { To = window.To.AddDays(1) } : window)
                .Sum(window => Math.Max(1, (window.Each().Sum(day => found[day].Count()) + 99) / 100));
        });

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private SandboxVideo Make(Random random, double[] rates, int days, int number)
    {
        var posted = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(random.Next(days)).AddSeconds(120 + random.Next(86_000));
        List<string> tags = [Draw(random, rates)];
        if (random.NextDouble() < HitsPerVideo - 1)
        {
            tags.Add(Draw(random, rates));
        }

        return new()
        {
            Id = (posted.AddSeconds(-40).ToUnixTimeSeconds() << 32) | (uint)number,
            CreateTime = posted,
            Username = "fjord.for.kommunen",
            HashtagNames = [.. tags.Distinct(StringComparer.Ordinal)],
            Description = string.Join(' ', tags.Select(tag => $"#{tag}")),
            GoneAt = random.NextDouble() < Survival ? null : posted.AddDays(1),
        };
    }

    private string Draw(Random random, double[] rates)
    {
        var place = random.NextDouble() * rates.Sum();
        for (var i = 0; i < rates.Length; i++)
        {
            place -= rates[i];
            if (place < 0)
            {
                return Terms[i];
            }
        }

        return Terms[^1];
    }
}
