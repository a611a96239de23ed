using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>How much a spec may ask for.</summary>
internal sealed partial class SpecReader
{
    private const int MaxInputs = 1_000;
    private const int MaxVideos = 10_000;
    private const int MaxSample = 1_000_000;
    private const int MaxLabels = 32;
    private const int MaxLabelLength = 64;

    private void CheckTier()
    {
        if (spec.Tier is "medium" or "premium")
        {
            throw new MeshException(ErrorReason.TierUnavailable, $"tier {spec.Tier} is not available here ({Tiers.Reason(spec.Tier)}); allowed is free.")
            {
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["tier"] = spec.Tier },
            };
        }

        if (spec.Tier is not ("" or "free"))
        {
            Refuse("spec.tier", "tier is unknown; known are free, medium and premium");
        }
    }

    private void CheckKind()
    {
        bool[] kinds = [spec.Terms.Count > 0, spec.Actors.Count > 0, spec.Videos.Count > 0, spec.QueryJson.Length > 0, IsList];
        if (kinds.Count(isGiven => isGiven) != 1)
        {
            Refuse("spec", "ask for exactly one of terms, actors, videos, a query and a list");
        }

        Limit("terms", spec.Terms.Count, MaxInputs);
        Limit("actors", spec.Actors.Count, MaxInputs);
        Limit("videos", spec.Videos.Count, MaxVideos);
        Limit("subjects", spec.Subjects.Count, MaxVideos);
    }

    private void CheckLimits()
    {
        if (spec.MaxResults < 0)
        {
            Refuse("spec.max_results", "max_results must be 1 or more; leave it out for no limit");
        }

        if (spec.Sample is < 0 or > MaxSample)
        {
            Refuse("spec.sample", $"sample must be from 1 to {MaxSample}; leave it out to read everything");
        }

        if (spec.Sample > 0 && spec.Videos.Count > 0)
        {
            Refuse("spec.sample", "sample goes with terms, actors and queries; videos are asked for by id");
        }

        if (spec is { Sample: > 0, MaxResults: > 0 })
        {
            Refuse("spec.sample", "sample cannot be used with `max_results`; it is itself the limit");
        }

        if (spec.MaxUnits < 0)
        {
            Refuse("spec.max_units", "max_units must be 1 or more; leave it out for no limit");
        }

        if (LabelProblem(spec) is { } problem)
        {
            Refuse("spec.labels", problem);
        }
    }

    /// <summary>What is wrong with the labels; null when nothing is.</summary>
    public static string? LabelProblem(CollectionSpec spec) =>
        spec.Labels.Count > MaxLabels || spec.Labels.Any(label => label.Key.Length > MaxLabelLength || label.Value.Length > MaxLabelLength)
            ? $"at most {MaxLabels} labels of at most {MaxLabelLength} characters each are allowed"
            : null;

    private void Limit(string inputs, int count, int most)
    {
        if (count > most)
        {
            Refuse($"spec.{inputs}", $"at most {most} {inputs} are allowed, {count} were given");
        }
    }
}
