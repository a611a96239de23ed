using System.Globalization;

namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>Invents the accounts: trees and birds stand where people's names would stand, so nobody real is meant.</summary>
internal static class CreatorGenerator
{
    private const string ViewerPrefix = "kigger.nr.";

    private static readonly string[] Nature =
        ["birk", "hassel", "tjoern", "lind", "ask", "poppel", "solsort", "vibe", "laerke", "musvit", "rosmarin", "timian", "klit", "fjord", "mose", "enghave"];

    private static readonly string[] Politician =
        [".paa.talerstolen", ".i.udvalget", ".for.kommunen", ".i.salen", ".stiller.op", "_ordfoerer", ".fra.midten"];

    private static readonly string[] News = ["bladet", "nyt", "fyret", "posten.dk", "avisen", "minuttet", ".forklarer"];

    private static readonly string[] Activist = ["koret", ".for.klimaet", "bevaegelsen", ".nu", ".vil.mere", "_nedefra"];

    private static readonly string[] Everyday = [".hverdag", ".laver.mad", "_studerer", ".cykler", "synger", ".paa.nattevagt", "ogvenner", "_dk"];

    private static readonly (string Code, double Share)[] Regions =
        [("DK", 0.82), ("SE", 0.05), ("NO", 0.04), ("DE", 0.03), ("GL", 0.02), ("FO", 0.02), ("GB", 0.01), ("PL", 0.01)];

    /// <summary>The accounts of a world, and those behind them of which the API tells nothing: minors, Canadians, private ones.</summary>
    public static (SandboxCreator[] Shown, SandboxCreator[] Hidden) Generate(int seed, int count)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var shown = Generate(new(SeededRandom.Mix(seed, 0x0C0FFEE)), count, taken);
        var hidden = Generate(new(SeededRandom.Mix(seed, 0x01D0)), Math.Max(3, count / 20), taken);
        return (shown, [.. hidden.Select((creator, index) => (index % 3) switch
        {
            0 => creator with { Refused = true },
            1 => creator with { RegionCode = "CA" },
            _ => creator with { Private = true },
        })]);
    }

    /// <summary>One of the many who only look: no videos, a public profile. The number makes the account.</summary>
    public static SandboxCreator Viewer(int number) => new()
    {
        Username = string.Create(CultureInfo.InvariantCulture, $"{ViewerPrefix}{number}"),
        DisplayName = string.Create(CultureInfo.InvariantCulture, $"Kigger {number}"),
        Followers = number % 60,
        Following = number % 200,
        Likes = number % 30,
    };

    /// <summary>The viewer of that name; null when the name is no viewer's.</summary>
    public static SandboxCreator? FindViewer(string username) =>
        username.StartsWith(ViewerPrefix, StringComparison.Ordinal)
        && int.TryParse(username.AsSpan(ViewerPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && Viewer(number) is var viewer && viewer.Username == username
            ? viewer
            : null;

    private static SandboxCreator[] Generate(SeededRandom random, int count, HashSet<string> taken)
    {
        var creators = new SandboxCreator[count];
        for (var i = 0; i < count; i++)
        {
            creators[i] = Generate(random, i, count, taken);
        }

        return creators;
    }

    private static SandboxCreator Generate(SeededRandom random, int index, int count, HashSet<string> taken)
    {
        // The loudest accounts are the public ones; the long tail is everyday.
        var publicShare = index < count / 4 ? 0.8 : 0.25;
        var endings = !random.Chance(publicShare) ? Everyday : random.Next(3) switch { 0 => Politician, 1 => News, _ => Activist };
        var first = random.Pick(Nature);
        var handle = first + random.Pick(endings);
        for (var number = 2; !taken.Add(handle); number++)
        {
            handle = string.Create(CultureInfo.InvariantCulture, $"{first}{random.Pick(endings)}{number}");
        }

        var followers = (long)random.NextLogNormal(index < count / 4 ? 18_000 : 900, 1.6);
        return new()
        {
            // One quiet account carries the NUL that recordings show.
            Username = index == count - 2 ? handle + "\0" : handle,
            DisplayName = char.ToUpperInvariant(first[0]) + handle[1..].Replace('.', ' ').Replace('_', ' ') + (random.Chance(0.3) ? " " + random.Pick(Topic.Emoji) : ""),
            Bio = random.Chance(0.15) ? "" : random.Pick(Topic.Pick(random).Sentences) + (random.Chance(0.5) ? "\n📩 " + handle + "@post.invalid" : " "),
            BioUrl = random.Chance(0.2) ? $"https://{handle.Replace('_', '-')}.invalid" : null,
            RegionCode = Region(random),
            IsVerified = index < count / 10 && random.Chance(0.5),
            Followers = followers,
            Following = (long)random.NextLogNormal(220, 1.0),
            Likes = (long)(followers * random.NextLogNormal(14, 1.2)),
            Videos = 1 + (long)random.NextLogNormal(140, 1.1),
            FollowingIsPrivate = SeededRandom.Hash(handle) % 10 == 0,
            LikesArePublic = SeededRandom.Hash(handle) % 50 == 1,
            Refused = index != count - 2 && random.Chance(0.015),
            Grows = true,
        };
    }

    private static string Region(SeededRandom random)
    {
        var left = random.NextDouble();
        foreach (var (code, share) in Regions)
        {
            left -= share;
            if (left < 0)
            {
                return code;
            }
        }

        return Regions[0].Code;
    }
}
