using System.ComponentModel.DataAnnotations;
using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Options of the normalizer, section <c>Normalizer</c>.</summary>
internal sealed record NormalizerOptions
{
    /// <summary>How names become pseudonyms: <c>sha256</c> (the observatory's, default) or <c>hmac-sha256</c>. One data folder keeps one.</summary>
    [RegularExpression("^(sha256|hmac-sha256)$", ErrorMessage = "Normalizer:PseudonymScheme must be sha256 or hmac-sha256.")]
    public string PseudonymScheme { get; init; } = "sha256";

    /// <summary>Whether mentioned names in texts become short pseudonyms; default true. Applies to pages that are normalised from then on.</summary>
    public bool ReplaceMentions { get; init; } = true;

    /// <summary><see cref="PseudonymScheme"/> as the record's library names it.</summary>
    internal PseudonymScheme Scheme => PseudonymScheme == "hmac-sha256" ? Ucr.PseudonymScheme.HmacSha256 : Ucr.PseudonymScheme.Sha256;
}
