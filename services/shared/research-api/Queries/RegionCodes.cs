using System.Collections.Frozen;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The 245 region codes that the Research API knows: ISO 3166-1 alpha-2 without CC, CX, GS, HM, KP and SJ, and with TP and XK.</summary>
public static class RegionCodes
{
    private const string Codes = """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
        BT BV BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH
        ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU
        ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT
        LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
        NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE
        SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TP TR TT TV TW TZ
        UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
        """;

    /// <summary>All codes, sorted, in capitals.</summary>
    public static IReadOnlyList<string> All { get; } = Codes.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a known code written in capitals.</summary>
    public static bool Contains(string code) => Known.Contains(code);

    /// <summary>Why <paramref name="code"/> is refused, and what to write instead where that is plain.</summary>
    public static string Explain(string code) => code.ToUpperInvariant() switch
    {
        "UK" => "TikTok knows no region UK; write GB",
        "*" => "* stands alone, for every region",
        "EU" => "TikTok knows no region EU; list the countries, e.g. DK,SE",
        var upper when upper != code && Contains(upper) => $"write it in capitals: {upper}",
        _ => "not one of TikTok's 245 region codes, which are two capitals like DK, SE, GB",
    };
}
