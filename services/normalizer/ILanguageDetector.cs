namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Finds the language of a text. MUST be a pure function of the text: the same page gives the same record for ever.</summary>
internal interface ILanguageDetector
{
    /// <summary>The language of the text, or undetermined.</summary>
    DetectedLanguage Detect(string text);
}

/// <summary>A language with its probability, or neither.</summary>
/// <param name="Code">ISO 639 code; null when undetermined.</param>
/// <param name="Probability">0–1; null when undetermined.</param>
internal sealed record DetectedLanguage(string? Code, double? Probability)
{
    /// <summary>No language is known.</summary>
    public static DetectedLanguage Undetermined { get; } = new(null, null);
}

/// <summary>Knows no language: better none than one guessed from the region.</summary>
internal sealed class UndeterminedLanguage : ILanguageDetector
{
    public DetectedLanguage Detect(string text) => DetectedLanguage.Undetermined;
}
