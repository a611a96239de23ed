using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Which answers TikTok should hear of: pure.</summary>
internal static class Incidents
{
    /// <summary>What an answer shows; UNSPECIFIED when it is nothing for TikTok.</summary>
    /// <param name="outcome">The answer.</param>
    /// <param name="step">What follows from it; null when nothing does, because nobody waits for it any more.</param>
    public static IncidentKind Of(Outcome outcome, Step? step) =>
        outcome.Class is ApiErrorClass.AccessTokenInvalid ? IncidentKind.TokenRefusedEarly
        : step is Step.Finished { IsLost: true } ? IncidentKind.SearchLost
        : IncidentKind.Unspecified;
}
