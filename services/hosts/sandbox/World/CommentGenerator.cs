using System.Globalization;

namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>Invents comments. All that a comment is follows from its id and the seed, and a byte of the id tells
/// whether it was ever written: so replies and deletions can be asked for without keeping a single comment.</summary>
internal sealed class CommentGenerator(int seed)
{
    private const int MostListed = 3000;
    private const int MostReplies = 150;

    private static readonly string[] Words =
        ["Præcis!", "Enig", "Det passer ikke helt", "Tak for forklaringen 🙏", "Hvor er kilden?", "😂😂", "Hvad med kommunerne?", "Så sandt", "Kom til sagen", "Skriv til mig på", "Ring på", "Mit nummer er", "🔥", "First", "Stem nej", "Stem ja"];

    private enum Kind
    {
        OnVideo = 1,
        Reply = 2,
    }

    /// <summary>Every comment that this video ever gets, in the order of the API's list: neither by time nor by likes.</summary>
    public IReadOnlyList<SandboxComment> Of(SandboxVideo video)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed, video.Id, 0xC0));
        var count = (int)Math.Min(video.Counts.Comments, MostListed);
        return [.. Ids(Kind.OnVideo, count, video.CreateTime, TimeSpan.FromDays(1.2), random)
            .Select(id => Describe(id, Kind.OnVideo, video.Id) with { VideoId = video.Id })
            .OrderBy(comment => SeededRandom.Mix(seed, comment.Id))];
    }

    /// <summary>Every reply that this comment ever gets; null: there never was such a comment.</summary>
    public IReadOnlyList<SandboxComment>? RepliesTo(long commentId)
    {
        if (!WasWritten(commentId, Kind.OnVideo))
        {
            return null;
        }

        var parent = Describe(commentId, Kind.OnVideo, 0);
        var random = new SeededRandom(SeededRandom.Mix(seed, commentId, 0xC1));
        return [.. Ids(Kind.Reply, parent.Replies, parent.CreateTime, TimeSpan.FromHours(9), random)
            .Order()
            .Select(id => Describe(id, Kind.Reply, commentId))];
    }

    /// <summary>The comment or reply was written and is still there.</summary>
    public bool IsThere(long id, DateTimeOffset now)
    {
        foreach (var kind in Enum.GetValues<Kind>())
        {
            if (WasWritten(id, kind))
            {
                var comment = Describe(id, kind, 0);
                return comment.IsWritten(now) && !comment.IsGone(now);
            }
        }

        return false;
    }

    private IEnumerable<long> Ids(Kind kind, int count, DateTimeOffset from, TimeSpan usual, SeededRandom random)
    {
        var ids = new HashSet<long>(count);
        while (ids.Count < count)
        {
            var second = from.ToUnixTimeSeconds() + 5 - (long)(usual.TotalSeconds * Math.Log(1 - random.NextDouble()));
            var head = (second << 24) | (long)(random.NextUInt64() >> 40);
            ids.Add((head << 8) | Check(head, kind));
        }

        return ids;
    }

    private bool WasWritten(long id, Kind kind) => id > 0 && (id & 0xFF) == Check(id >> 8, kind);

    private byte Check(long head, Kind kind) => (byte)SeededRandom.Mix(seed, head, (long)kind);

    private SandboxComment Describe(long id, Kind kind, long parent)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed, id, (long)kind));
        var written = DateTimeOffset.FromUnixTimeSeconds(id >> 32);
        return new()
        {
            Id = id,
            ParentId = parent,
            Text = Text(random),
            DisplayName = "Bruger " + random.Next(1, 9999).ToString(CultureInfo.InvariantCulture),
            Likes = (long)random.NextLogNormal(1.2, 1.6),
            Replies = kind == Kind.OnVideo && random.Chance(0.25) ? Math.Min(MostReplies, (int)random.NextLogNormal(2, 1.2)) : 0,
            GoneAt = random.Chance(0.12) ? written.AddDays(60 * random.NextDouble()) : null,
        };
    }

    private static string Text(SeededRandom random)
    {
        if (random.Chance(0.12))
        {
            return "";
        }

        var word = random.Pick(Words);
        return word switch
        {
            "Skriv til mig på" => $"{word} anna{random.Next(99)}@post.invalid",
            "Ring på" => string.Create(CultureInfo.InvariantCulture, $"{word} {random.Next(20_000_000, 99_999_999)}"),
            "Mit nummer er" => string.Create(CultureInfo.InvariantCulture, $"{word} {random.Next(100_000, 999_999)}{random.Next(100_000, 999_999)}"),
            _ => random.Chance(0.4) ? $"{word} {Words[random.Next(9)]}" : word,
        };
    }
}
