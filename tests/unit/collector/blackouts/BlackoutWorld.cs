using IssueObservatory.Mesh.Collector;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Days for which TikTok answers 500, drawn at random or as they were reported. The same seed gives the same world.</summary>
internal sealed class BlackoutWorld
{
    public static readonly Days Asked = new(new(2020, 1, 1), new(2024, 12, 31));

    private readonly HashSet<DateOnly> bad = [];

    /// <summary>As reported for hashtags: a run of 518 days, and 13 scattered days of one October.</summary>
    public static BlackoutWorld Reported()
    {
        var world = new BlackoutWorld();
        world.Darken(new(2021, 3, 1), new DateOnly(2022, 7, 31).DayNumber - new DateOnly(2021, 3, 1).DayNumber + 1);
        foreach (var day in new[] { 2, 3, 5, 8, 9, 12, 14, 17, 19, 20, 23, 26, 30 })
        {
            world.Darken(new(2023, 10, day), 1);
        }

        return world;
    }

    /// <summary>TikTok answers nothing at all.</summary>
    public static BlackoutWorld Outage()
    {
        var world = new BlackoutWorld();
        world.Darken(Asked.From, Asked.Count);
        return world;
    }

    /// <summary>One to eight runs of a day to two years, some of them in pieces, and sometimes a month of scattered days.</summary>
    public static BlackoutWorld Random(int seed)
    {
        var random = new Random(seed);
        var world = new BlackoutWorld();
        for (var runs = random.Next(1, 9); runs > 0; runs--)
        {
            world.Darken(Asked.From.AddDays(random.Next(Asked.Count)), (int)Math.Pow(2, random.NextDouble() * 9.5));
        }

        for (var month = random.Next(4) == 0 ? Asked.From.AddDays(random.Next(Asked.Count)) : (DateOnly?)null; month is not null; month = null)
        {
            for (var day = 0; day < 31; day++)
            {
                if (random.Next(100) < 40)
                {
                    world.Darken(month.Value.AddDays(day), 1);
                }
            }
        }

        for (var islands = random.Next(6); islands > 0 && random.Next(3) == 0; islands--)
        {
            world.bad.Remove(Asked.From.AddDays(random.Next(Asked.Count)));
        }

        return world;
    }

    /// <summary>A single good day inside a run.</summary>
    public BlackoutWorld Lighten(Days days)
    {
        bad.RemoveWhere(days.Contains);
        return this;
    }

    public bool IsBad(DateOnly day) => bad.Contains(day);

    /// <summary>TikTok answers 500 as soon as a window touches a bad day.</summary>
    public bool Fails(Days window) => window.Each().Any(bad.Contains);

    public int BadDays => bad.Count;

    /// <summary>Σ⌈log2(n+1)⌉ over the runs: what finding them must cost about.</summary>
    public int Least => Days.Stretches(bad.Order()).Sum(run => (int)Math.Ceiling(Math.Log2(run.Count + 1)));

    private void Darken(DateOnly from, int days)
    {
        for (var i = 0; i < days; i++)
        {
            if (Asked.Contains(from.AddDays(i)))
            {
                bad.Add(from.AddDays(i));
            }
        }
    }
}
