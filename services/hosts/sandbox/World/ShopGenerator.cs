using System.Globalization;

namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>Invents a dozen shops with some products each.</summary>
internal static class ShopGenerator
{
    private const int Shops = 12;

    private static readonly string[] Wares = ["Termokande", "Cykellygte", "Strikket hue", "Bageform", "Plakat", "Regnfrakke", "Krus", "Hørlærred"];
    private static readonly string[] Colours = ["blå", "rød", "grøn", "gul", "sort", "hvid"];
    private static readonly string[] Verdicts = ["God kvalitet", "Kom hurtigt", "Mindre end ventet", "Fin til prisen", "Gik i stykker efter en uge", ""];

    public static IReadOnlyList<SandboxShop> Generate(int seed) =>
        [.. Enumerable.Range(0, Shops).Select(index => Shop(index, new(SeededRandom.Mix(seed, 0x5409, index))))];

    private static SandboxShop Shop(int index, SeededRandom random)
    {
        var products = Enumerable.Range(0, random.Next(0, 34)).Select(_ => Product(random)).ToList();
        return new(
            7_494_000_000_000_000_000 + (long)(random.NextUInt64() >> 20),
            string.Create(CultureInfo.InvariantCulture, $"{random.Pick(Wares)}butikken {index + 1}"),
            Math.Round(3 + (2 * random.NextDouble()), 1),
            products.Sum(product => product.Reviews.Count),
            products.Sum(product => product.Sold),
            products);
    }

    private static SandboxProduct Product(SeededRandom random)
    {
        var reviews = Enumerable.Range(0, (int)Math.Min(60, random.NextLogNormal(6, 1.2))).Select(_ => Review(random)).OrderByDescending(review => review.CreateTime).ToList();
        var name = $"{random.Pick(Wares)}, {random.Pick(Colours)}";
        return new(
            1_729_000_000_000_000_000 + (long)(random.NextUInt64() >> 16),
            name,
            name + ". Sendes fra Danmark.",
            string.Create(CultureInfo.InvariantCulture, $"{5 + (60 * random.NextDouble()):F2}EUR"),
            (long)random.NextLogNormal(120, 1.5) + reviews.Count,
            reviews);
    }

    private static SandboxReview Review(SeededRandom random) => new(
        new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(random.NextDouble() * TimeSpan.FromDays(365).TotalMilliseconds),
        random.Chance(0.7) ? 5 : random.Next(1, 5),
        random.Pick(Verdicts),
        random.Next(4),
        "Kunde " + random.Next(1, 999).ToString(CultureInfo.InvariantCulture));
}
