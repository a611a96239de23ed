using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Lists as clauses, so that records, counts and exports know them as they know everything that is asked for.</summary>
internal static class ListClauses
{
    /// <summary>Everything that a list ever brought belongs to whoever asks for it.</summary>
    public static readonly Days Always = new(ApiDate.Earliest, new(9999, 12, 31));

    public static Clause Of(ListKey list) => ClauseIds.Identify(new() { Class = ClauseClass.List, Endpoint = list.Endpoint, Subject = list.Subject });

    /// <summary>What is asked for as a list.</summary>
    public static AskedClause Ask(ListKey list, string input) => new() { Clause = Of(list), Input = input, Days = Always };
}
