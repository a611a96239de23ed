namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>SplitMix64: the same numbers from the same seed on every runtime and every machine.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>One seed from several parts; neighbouring parts give unrelated seeds.</summary>
    public static ulong Mix(long first, long second, long third = 0)
    {
        var random = new SeededRandom(unchecked((ulong)first));
        random.state = random.NextUInt64() ^ unchecked((ulong)second);
        random.state = random.NextUInt64() ^ unchecked((ulong)third);
        return random.NextUInt64();
    }

    /// <summary>The same number for the same text everywhere (FNV-1a over UTF-16).</summary>
    public static long Hash(string text) =>
        unchecked((long)text.Aggregate(14695981039346656037UL, (sum, character) => (sum ^ character) * 1099511628211UL));

    public ulong NextUInt64()
    {
        state = unchecked(state + 0x9E3779B97F4A7C15UL);
        var z = state;
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }

    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public int Next(int exclusiveMaximum) => (int)(NextDouble() * exclusiveMaximum);

    public int Next(int minimum, int exclusiveMaximum) => minimum + Next(exclusiveMaximum - minimum);

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    public double NextNormal()
    {
        var radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        return radius * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    /// <summary>A heavy-tailed number whose median is <paramref name="median"/>.</summary>
    public double NextLogNormal(double median, double sigma) => median * Math.Exp(sigma * NextNormal());

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
