namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The names that an endpoint can return, with other spellings that people know.</summary>
public sealed class FieldList
{
    private readonly (string Variant, string Name)[] variants;

    internal FieldList(IReadOnlyList<string> names, IReadOnlyList<string>? optional = null, params (string Variant, string Name)[] variants)
    {
        this.variants = variants;
        Names = names;
        Usual = optional is null ? names : [.. names.Except(optional, StringComparer.Ordinal)];
    }

    /// <summary>All names, in the documentation's order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What is asked for unless somebody says otherwise: all but the names about which the documentation contradicts itself.</summary>
    public IReadOnlyList<string> Usual { get; }

    public bool Contains(string name) => Names.Contains(name, StringComparer.Ordinal);

    /// <summary>Reads <c>id,create_time</c>: spaces are fine, repetitions are dropped, the order is kept; the argument's name goes into the error.</summary>
    public Parsed<IReadOnlyList<string>> Parse(string text, string argument = "--fields")
    {
        var asked = text.Split(',', StringSplitOptions.TrimEntries);
        if (asked.Any(name => name.Length == 0))
        {
            return Parsed<IReadOnlyList<string>>.Refused(argument, "has an empty name; write names with commas between them, e.g. id,create_time");
        }

        var read = asked.Select(Canonical).ToArray();
        var unknown = asked.Where((_, i) => read[i] is null).Select(InputText.Quote).ToArray();
        return unknown.Length == 0
            ? Parsed<IReadOnlyList<string>>.Of([.. read.OfType<string>().Distinct(StringComparer.Ordinal)])
            : Parsed<IReadOnlyList<string>>.Refused(argument, $"{string.Join(", ", unknown)} unknown; allowed are {this}");
    }

    public override string ToString() => string.Join(", ", Names);

    private string? Canonical(string name)
    {
        var known = variants.FirstOrDefault(pair => pair.Variant == name).Name ?? name;
        return Contains(known) ? known : null;
    }
}
