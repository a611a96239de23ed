namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads <c>DK,SE</c>: capitals or not, spaces are fine, repetitions are dropped, the order is kept.</summary>
public static class RegionParser
{
    public static Parsed<IReadOnlyList<string>> Parse(string text, string argument = "regions")
    {
        var codes = text.Split(',', StringSplitOptions.TrimEntries);
        if (codes.Any(code => code.Length == 0))
        {
            return Parsed<IReadOnlyList<string>>.Refused(argument, "has an empty code; write codes with commas between them, e.g. DK,SE");
        }

        var unknown = codes.Where(code => !RegionCodes.Contains(code.ToUpperInvariant())).ToArray();
        return unknown.Length == 0
            ? Parsed<IReadOnlyList<string>>.Of([.. codes.Select(code => code.ToUpperInvariant()).Distinct(StringComparer.Ordinal)])
            : Parsed<IReadOnlyList<string>>.Refused(argument, string.Join("; ", unknown.Select(code => $"{InputText.Quote(code)}: {RegionCodes.Explain(code)}")));
    }
}
