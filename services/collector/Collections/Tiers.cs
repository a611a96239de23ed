namespace IssueObservatory.Mesh.Collector;

/// <summary>The observatory's tiers, and which of them this arena serves.</summary>
internal static class Tiers
{
    public static readonly IReadOnlyList<string> All = ["free", "medium", "premium"];

    /// <summary>Why a tier is not available; empty when it is.</summary>
    public static string Reason(string tier) => tier switch
    {
        "free" => "",
        "medium" => "it needs a Bright Data account (bright_data_api_key), which this version does not use",
        _ => "no provider offers it for TikTok",
    };
}
