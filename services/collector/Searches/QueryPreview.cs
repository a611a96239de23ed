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
        return
        [
            .. Planner.Everything(read.Asked, options)
                .Select(search => SearchQueries.Next(search, Checkpoint.Start)).OfType<VideoQueryRequest>()
                .Select(request => request.Query.ToJson()).Distinct(StringComparer.Ordinal),
        ];
    }
}
