using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Pages of lists as the collector gives them, and what becomes of them.</summary>
internal static class ListPages
{
    private static readonly DateOnly First = new(2016, 9, 1);

    /// <summary>Its id is a hash, so that it names nobody.</summary>
    public static Clause ClauseOf(ApiEndpoint endpoint, string subject) => new() { ClauseId = StoredPage.HashOf(Encoding.UTF8.GetBytes($"{endpoint}/{subject}")), Class = ClauseClass.List, Endpoint = endpoint, Subject = subject };

    /// <summary>A page with this <c>data</c>.</summary>
    public static StoredPage List(string pageId, ApiEndpoint endpoint, string subject, JsonNode data) =>
        List(pageId, endpoint, subject, Encoding.UTF8.GetBytes(new JsonObject { ["data"] = data, ["error"] = new JsonObject { ["code"] = "ok" } }.ToJsonString()));

    public static StoredPage List(string pageId, ApiEndpoint endpoint, string subject, byte[] body) => Videos.Page(pageId, body, "ok") with
    {
        Endpoint = endpoint,
        Subject = subject,
        Clauses = [ClauseOf(endpoint, subject)],
        From = First,
        To = DateOnly.FromDateTime(Videos.Fetch.UtcDateTime),
        TikTokSearchId = "",
    };

    /// <summary>Everything that a collection of these lists holds.</summary>
    public static RecordView View(DocumentType type, bool identified, params IEnumerable<Clause> clauses)
    {
        var view = new RecordView { Type = type, Identified = identified };
        foreach (var clause in clauses)
        {
            view.Inputs.Add(new ClauseInput { Clause = clause });
            view.Days[clause.ClauseId] = new DayRange { From = "2016-09-01", To = "9999-12-31" };
        }

        return view;
    }

    public static RecordSelection Select(DocumentType type, bool identified, params IEnumerable<Clause> clauses) => RecordSelections.Of(View(type, identified, clauses));

    /// <summary>The lines of an export.</summary>
    public static async Task<JsonNode[]> LinesAsync(IRecordStore store, RecordSelection selection) =>
        [.. (await Videos.EverythingAsync(store, selection)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    public static StoredDocument Document(this NormalizedItem item) => (StoredDocument)item.Stored;
}
