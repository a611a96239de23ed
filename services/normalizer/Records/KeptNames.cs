using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>What the identified store has of a thing, and nothing else has.</summary>
/// <param name="Username">The user whom it is about, by whom everything of that user is found; null when TikTok does not say.</param>
/// <param name="OtherUsername">The second user of an edge.</param>
/// <param name="Fields">Withheld fields under the names under which they are shown; null when there are none besides the user name.</param>
internal sealed record KeptNames(string? Username, string? OtherUsername = null, JsonObject? Fields = null)
{
    /// <summary>The withheld fields as a store keeps them.</summary>
    public string? FieldsText => Fields is null ? null : StoredItemJson.Write(Fields);

    /// <summary>Nothing of it: names stay out of logs.</summary>
    public override string ToString() => "names";
}
