namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The names that an endpoint can return, with other spellings that people know.</summary>
internal sealed class FieldList(string[] names, params (string Variant, string Name)[] variants)
{
    public IReadOnlyList<string> Names { get; } = names;

    public bool Contains(string name) => names.Contains(name, StringComparer.Ordinal);

    /// <summary>Reads <c>id,create_time</c>: spaces are fine, repetitions are dropped, the order is kept.</summary>
    public Parsed<IReadOnlyList<string>> Parse(string text, string argument)
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

    public override string ToString() => string.Join(", ", names);

    private string? Canonical(string name)
    {
        var known = variants.FirstOrDefault(pair => pair.Variant == name).Name ?? name;
        return Contains(known) ? known : null;
    }
}
