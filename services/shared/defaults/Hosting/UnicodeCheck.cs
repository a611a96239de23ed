using System.Text;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Without the ICU libraries Unicode normalisation silently does nothing, and hashes of texts would be wrong for ever.</summary>
internal static class UnicodeCheck
{
    private const string Decomposed = "e\u0301";
    private const string Composed = "\u00E9";

    internal static void Require()
    {
        if (!string.Equals(Decomposed.Normalize(NormalizationForm.FormC), Composed, StringComparison.Ordinal))
        {
            throw new StartRefusedException("Unicode normalisation does not work: install the ICU libraries (libicu) and leave DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset.");
        }
    }
}
