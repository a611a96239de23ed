using System.Globalization;
using System.Text;

namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>Invents the videos of one UTC day: a pure function of the seed, the settings and the day.</summary>
internal sealed class VideoGenerator(SandboxOptions options, IReadOnlyList<SandboxCreator> creators)
{
    private static readonly DateOnly FirstDay = new(2018, 1, 1);
    private static readonly DateOnly FullSizeFrom = new(2024, 1, 1);

    // Hours of the UTC day: the night is quiet, the evening is not.
    private static readonly double[] Hours = [3, 2, 1, 1, 1, 2, 4, 5, 4, 4, 5, 6, 6, 6, 7, 8, 9, 9, 10, 10, 9, 7, 5, 4];

    private static readonly double HoursTotal = Hours.Sum();

    // Zipf with a flat head, as cumulative shares.
    private readonly double[] creatorShares = CumulativeShares(creators.Count);

    public IReadOnlyList<SandboxVideo> Generate(DateOnly day)
    {
        if (day < FirstDay)
        {
            return [];
        }

        var random = new SeededRandom(SeededRandom.Mix(options.Seed, day.DayNumber));
        var videos = new SandboxVideo[Count(day, random)];
        var ids = new HashSet<long>(videos.Length);
        for (var i = 0; i < videos.Length; i++)
        {
            videos[i] = Generate(day, random, ids);
        }

        Array.Sort(videos, (a, b) => b.Id.CompareTo(a.Id));
        return videos;
    }

    private int Count(DateOnly day, SeededRandom random)
    {
        var youth = Math.Clamp((day.DayNumber - FirstDay.DayNumber + 30.0) / (FullSizeFrom.DayNumber - FirstDay.DayNumber), 0, 1);
        var weekday = day.DayOfWeek switch { DayOfWeek.Sunday => 1.15, DayOfWeek.Tuesday => 1.1, DayOfWeek.Friday or DayOfWeek.Saturday => 0.9, _ => 1.0 };
        return Math.Max(1, (int)(options.VideosPerDay * youth * weekday * random.NextLogNormal(1.0, 0.12)));
    }

    private SandboxVideo Generate(DateOnly day, SeededRandom random, HashSet<long> ids)
    {
        var posted = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddSeconds(SecondOfDay(random));

        // The upload begins some seconds before the post: 20 to 77, median 44, in recordings of 2024; hardly any in 2022.
        var processing = day >= new DateOnly(2023, 6, 1) ? Math.Clamp(44 + (int)(12 * random.NextNormal()), 20, 77) : random.Next(3);
        var upload = posted.AddSeconds(-processing);
        long id;
        do
        {
            id = (upload.ToUnixTimeSeconds() << 32) | (long)(random.NextUInt64() >> 32);
        }
        while (!ids.Add(id));

        var creator = creators[Creator(random)];
        var topic = Topic.Pick(random);
        var tags = Tags(topic, random);
        string[] mentions = random.Chance(0.12) ? [creators[Creator(random)].Username.TrimEnd('\0')] : [];
        var description = Description(topic, tags, mentions, random);
        random.Shuffle<string>(tags);
        var hasEffect = random.Chance(0.14);
        var gone = GoneAt(posted, random);
        return new()
        {
            Id = id,
            CreateTime = posted,
            Username = creator.Username,
            RegionCode = creator.RegionCode,
            Description = description,
            HashtagNames = [.. tags.Distinct(StringComparer.Ordinal)],
            // An own sound is as old as the video; a borrowed one is older.
            MusicId = random.Chance(0.45)
                ? id + random.Next(1, 1 << 30)
                : (6_700_000_000_000_000_000 + (random.Next(4000) * 100_000_000_000_123)),
            EffectIds = !hasEffect ? null : random.Chance(0.4) ? ["0"] : [random.Next(1_000_000, 40_000_000).ToString(CultureInfo.InvariantCulture)],
            PlaylistId = random.Chance(0.03) ? Playlists.IdOf(creator, day) : null,
            VoiceToText = random.Chance(0.28) ? Transcript(random) : null,
            Mentions = mentions,
            Stickers = random.Chance(0.1) ? [random.Pick(topic.Sentences)] : [],
            Label = random.Chance(0.005) ? "Find ud af mere om valget" : null,
            DurationSeconds = Math.Clamp((int)random.NextLogNormal(26, 0.9), 3, 3600),
            IsStemVerified = random.Chance(0.02),
            Counts = Counts(random),
            GrowsUntilDayTen = true,
            CommentLoss = random.Chance(0.2) ? random.NextDouble() * 0.7 : 0,
            CommentsDisabled = new SeededRandom(SeededRandom.Mix(options.Seed, id)).Chance(0.03),
            LikeCountMissing = random.Chance(0.005),
            IndexedAt = posted + IndexLag(random),
            GoneAt = gone,
        };
    }

    private static int SecondOfDay(SeededRandom random)
    {
        var left = random.NextDouble() * HoursTotal;
        var hour = 0;
        while (hour < 23 && (left -= Hours[hour]) >= 0)
        {
            hour++;
        }

        return (hour * 3600) + random.Next(3600);
    }

    private static string[] Tags(Topic topic, SeededRandom random)
    {
        if (random.Chance(0.08))
        {
            return [];
        }

        var own = Math.Min(topic.Hashtags.Length, random.Next(4) + (random.Chance(0.1) ? 2 : 0));
        var common = random.Next(4);
        var tags = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (tags.Count < own)
        {
            // The first tags of a topic are the usual ones.
            tags.Add(topic.Hashtags[Math.Min(random.Next(topic.Hashtags.Length), random.Next(topic.Hashtags.Length))]);
        }

        for (var i = 0; i < common; i++)
        {
            tags.Add(random.Pick(Topic.Everywhere));
        }

        return [.. tags];
    }

    private static string Description(Topic topic, string[] tags, string[] mentions, SeededRandom random)
    {
        var text = new StringBuilder();
        if (random.Chance(0.85))
        {
            text.Append(random.Pick(topic.Sentences));
            if (random.Chance(0.25))
            {
                text.Append(". ").Append(random.Pick(topic.Sentences));
            }

            text.Append(random.Chance(0.3) ? " " + random.Pick(Topic.Emoji) + " " : " ");
        }

        foreach (var mention in mentions)
        {
            text.Append('@').Append(mention).Append(' ');
        }

        foreach (var tag in tags)
        {
            text.Append('#').Append(tag).Append(' ');
        }

        // Most captions keep the blank that the app puts behind the last tag.
        return random.Chance(0.75) ? text.ToString() : text.ToString().TrimEnd();
    }

    private static string Transcript(SeededRandom random)
    {
        var sentences = new string[random.Next(2, 14)];
        for (var i = 0; i < sentences.Length; i++)
        {
            sentences[i] = random.Pick(Topic.Spoken);
        }

        return string.Join(' ', sentences);
    }

    private static SandboxCounts Counts(SeededRandom random)
    {
        var views = Math.Min(random.NextLogNormal(650, 2.1), 30_000_000);
        var likes = views * Math.Min(random.NextLogNormal(0.06, 0.8), 1.1);
        return new(
            (long)views,
            (long)likes,
            (long)(likes * random.NextLogNormal(0.025, 1.1)),
            (long)(likes * random.NextLogNormal(0.02, 1.4)),
            (long)(likes * random.NextLogNormal(0.05, 1.0)));
    }

    private TimeSpan IndexLag(SeededRandom random) =>
        options.LongestIndexLag * (random.Chance(0.7) ? random.NextDouble() * 0.25 : random.NextDouble());

    private DateTimeOffset? GoneAt(DateTimeOffset posted, SeededRandom random)
    {
        // Four in five of the lost are gone before anyone looks, the rest within four months.
        var fate = random.NextDouble() / Math.Max(1 - options.Survival, 1e-9);
        var part = random.NextDouble();
        return fate switch
        {
            < 0.8 => posted.AddHours(1 + part),
            < 1.0 => posted.AddDays(3 + (117 * part)),
            _ => null,
        };
    }

    private int Creator(SeededRandom random)
    {
        var found = Array.BinarySearch(creatorShares, random.NextDouble());
        return Math.Min(found < 0 ? ~found : found, creatorShares.Length - 1);
    }

    private static double[] CumulativeShares(int count)
    {
        var shares = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += 1 / Math.Pow(i + 4, 0.8);
            shares[i] = sum;
        }

        for (var i = 0; i < count; i++)
        {
            shares[i] /= sum;
        }

        return shares;
    }
}
