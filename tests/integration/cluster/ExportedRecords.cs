using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>The records of an export by their platform_id, without what differs from one collection of the same to the next.</summary>
internal static class ExportedRecords
{
    private static readonly string[] OfTheCollection = ["collected_at", "collection_run_id", "query_design_id"];

    private static readonly string[] OfTheRequests = ["search_ids", "engagement_refreshed_at"];

    /// <exception cref="InvalidDataException">A record is there twice.</exception>
    public static SortedDictionary<string, string> Read(IEnumerable<string> lines)
    {
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var record = JsonNode.Parse(line)!.AsObject();
            var id = record["platform_id"]!.GetValue<string>();
            foreach (var name in OfTheCollection)
            {
                record.Remove(name);
            }

            foreach (var name in OfTheRequests)
            {
                record["raw_metadata"]!.AsObject().Remove(name);
            }

            if (!records.TryAdd(id, record.ToJsonString()))
            {
                throw new InvalidDataException($"Record {id} is exported twice.");
            }
        }

        return records;
    }
}
