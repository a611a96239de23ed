namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>An effect; its photo has two spellings.</summary>
public sealed record EffectInfo(string? EffectId, string? EffectName, string? EffectPhotoUrl)
{
    internal static readonly NameTable Names = new("effect_id", "effect_name", "effect_photo_url", "effect_photo_URI");

    internal static EffectInfo Of(LenientFields fields) =>
        new(fields.Id("effect_id"u8), fields.Text("effect_name"u8), fields.Text("effect_photo_url"u8) ?? fields.Text("effect_photo_URI"u8));
}
