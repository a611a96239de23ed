using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a collection would ask, word for word, without a mesh: the same reading, planning and writing as when it is sent, over nothing known before.</summary>
public static class QueryPreview
{
    /// <summary>
    /// The <c>query</c> objects of the searches that a spec leads to with the default options, as JSON, each once. Terms that cannot be merged need a query each;
    /// how many windows each is asked for depends on the days, and is no matter here.
    /// </summary>
    /// <exception cref="MeshException">BAD_INPUT with every violation.</exception>
    public static IReadOnlyList<string> Of(CollectionSpec spec, DateTimeOffset now)
    {
        var options = new CollectorOptions();
        var read = SpecReader.Read(spec, now, options);
        var nothing = new PlanningState
        {
            Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>>(StringComparer.Ordinal),
            OpenSearches = new Dictionary<string, IReadOnlyList<OpenSearchDays>>(StringComparer.Ordinal),
            Profiles = new Dictionary<string, ProfileFact>(StringComparer.Ordinal),
        };

        // As if every day were ripe: a query file may name days to come.
        var asker = new Planner.Asker("", read.Spec.Priority, "", DateTimeOffset.MaxValue.AddYears(-1), () => "");
        return
        [
            .. Planner.Decide(read.Asked, [], nothing, asker, options).Searches
                .Select(search => SearchQueries.Next(search, Checkpoint.Start)).OfType<VideoQueryRequest>()
                .Select(request => request.Query.ToJson()).Distinct(StringComparer.Ordinal),
        ];
    }
}
