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
    public Parsed<IReadOnlyList<string>> Parse(string text, string argument = "fields")
    {
        var asked = text.Split(',', StringSplitOptions.TrimEntries);
        var read = asked.Select(Canonical).ToArray();
        var unknown = asked.Where((name, i) => name.Length > 0 && read[i] is null).Distinct(StringComparer.Ordinal).Select(InputText.Quote).ToArray();
        string[] wrong = [.. asked.Contains("") ? ["has an empty name"] : Array.Empty<string>(), .. unknown.Length > 0 ? [$"{string.Join(", ", unknown)} unknown"] : Array.Empty<string>()];
        return wrong.Length == 0
            ? Parsed<IReadOnlyList<string>>.Of([.. read.OfType<string>().Distinct(StringComparer.Ordinal)])
            : Parsed<IReadOnlyList<string>>.Refused(argument, $"{string.Join(", ", wrong)}; allowed are {this}, with commas between them");
    }

    public override string ToString() => string.Join(", ", Names);

    private string? Canonical(string name)
    {
        var known = variants.FirstOrDefault(pair => pair.Variant == name).Name ?? name;
        return Contains(known) ? known : null;
    }
}
