using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>What happens by chance: the n-th time of the same thing meets the same chance with the same seed, whatever else happened before.</summary>
internal sealed class Chances(int seed)
{
    private readonly Dictionary<(string What, long Text), int> times = [];

    /// <summary>The numbers for this occurrence of <paramref name="text"/>.</summary>
    public SeededRandom Of(string what, string text)
    {
        var key = (what, SeededRandom.Hash(text));
        times[key] = times.GetValueOrDefault(key) + 1;
        return new(SeededRandom.Mix(seed, key.Item2 ^ SeededRandom.Hash(what), times[key]));
    }
}
