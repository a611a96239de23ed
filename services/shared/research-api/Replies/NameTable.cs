using System.Text;
using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Names that a reader knows, each with a number. Looked up by length first: few names share one.</summary>
internal sealed class NameTable
{
    /// <summary>Most names of a table.</summary>
    public const int Most = 32;

    private readonly (byte[] Name, int Number)[][] byLength;

    public NameTable(params IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Count, Most);
        var all = names.Select((name, number) => (Name: Encoding.ASCII.GetBytes(name), Number: number)).ToArray();
        byLength = [.. Enumerable.Range(0, all.Max(entry => entry.Name.Length) + 1).Select(length => all.Where(entry => entry.Name.Length == length).ToArray())];
    }

    /// <summary>The name's number; -1 for one that is not in the table.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < byLength.Length)
        {
            foreach (var (known, number) in byLength[name.Length])
            {
                if (name.SequenceEqual(known))
                {
                    return number;
                }
            }
        }

        return -1;
    }

    /// <summary>The number of the name that the reader stands on, however it is written.</summary>
    public int Find(ref readonly Utf8JsonReader name) =>
        Find(name.ValueIsEscaped ? Encoding.UTF8.GetBytes(LenientText.Decode(name.ValueSpan)) : name.ValueSpan);
}
