using System.Text.RegularExpressions;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Personal details in comments, covered as the documentation shows: phone <c>40******30</c>, e-mail <c>a*******@****.dk</c>, long numbers <c>****6471</c>.</summary>
internal static partial class Masking
{
    public static string Mask(string text)
    {
        text = Address().Replace(text, match => $"{match.Groups["first"].Value}*******@****{match.Groups["end"].Value}");
        return Digits().Replace(text, match => match.Length <= 8 ? $"{match.Value[..2]}******{match.Value[^2..]}" : $"****{match.Value[^4..]}");
    }

    [GeneratedRegex(@"(?<first>[A-Za-z0-9])[\w.+-]*@[\w-]+(\.[\w-]+)*(?<end>\.[A-Za-z]{2,})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\d{8,}", RegexOptions.None, 1000)]
    private static partial Regex Digits();
}
