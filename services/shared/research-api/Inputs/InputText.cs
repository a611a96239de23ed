using System.Text;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Makes what someone typed fit for one line of an error message.</summary>
internal static class InputText
{
    public static string Quote(string text) => $"'{Shown(text, 40)}'";

    public static string Shown(string text, int longest)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(longest))
        {
            shown.Append(Rune.IsControl(rune) ? "\uFFFD" : rune.ToString());
        }

        return shown.Length < text.Length ? shown.Append('…').ToString() : shown.ToString();
    }
}
