using System.Security.Cryptography;
using System.Text;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>A signal that two videos carry the same caption. Never a key: different videos share captions.</summary>
public static class ContentHash
{
    /// <summary>
    /// SHA-256 (lower-case hex) of the description after NFC, strip, collapse of white space and lower case, each as Python does it.
    /// Over the original description, before mentions are replaced. Null when nothing is left.
    /// </summary>
    public static string? Of(string? description)
    {
        if (string.IsNullOrEmpty(description))
        {
            return null;
        }

        var normalized = PythonText.Lower(PythonText.Collapse(WellFormedText.Of(description).Normalize(NormalizationForm.FormC)));
        return normalized.Length == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalized)));
    }
}
