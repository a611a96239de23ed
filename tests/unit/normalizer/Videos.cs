using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Pages, clauses and views as the normalizer meets them.</summary>
internal static class Videos
{
    public const string Lab = "default";
    public const string Salt = "a salt of the tests with enough bytes";
    public static readonly DateTimeOffset Upload = new(2026, 1, 10, 8, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Fetch = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly AuthorPseudonyms Pseudonyms = new(PseudonymScheme.Sha256, Salt);
    public static readonly PageNormalizer Reader = new(Pseudonyms, new UndeterminedLanguage(), new NormalizerOptions());

    public static JsonObject Video(long id, string username = "dr.nyheder", DateTimeOffset? upload = null, params string[] hashtags) => new()
    {
        ["id"] = id,
        ["username"] = username,
        ["create_time"] = (upload ?? Upload).ToUnixTimeSeconds(),
        ["region_code"] = "DK",
        ["video_description"] = $"Video {id} #dkpol ",
        ["hashtag_names"] = new JsonArray([.. hashtags.Select(tag => JsonValue.Create(tag))]),
        ["view_count"] = 10_000,
        ["like_count"] = 500,
        ["share_count"] = 20,
        ["comment_count"] = 30,
        ["music_id"] = 7_111_111_111_111_111_111,
    };

    public static StoredPage Page(string pageId, IEnumerable<JsonNode?> items, params Clause[] clauses)
    {
        var body = new JsonObject
        {
            ["data"] = new JsonObject { ["videos"] = new JsonArray([.. items]), ["cursor"] = 100, ["has_more"] = false, ["search_id"] = "7354367454467855403" },
            ["error"] = new JsonObject { ["code"] = "ok", ["message"] = "", ["log_id"] = "20260401120000" },
        };
        return Page(pageId, body.ToJsonString(), "ok") with { Clauses = clauses.Length > 0 ? clauses : [Hashtag("dkpol")] };
    }

    public static StoredPage Page(string pageId, string body, string errorCode) => Page(pageId, Encoding.UTF8.GetBytes(body), errorCode);

    public static StoredPage Page(string pageId, byte[] body, string errorCode) => new()
    {
        PageId = pageId,
        Endpoint = ApiEndpoint.VideoQuery,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(body)),
        Status = 200,
        FetchedAt = Fetch,
        ErrorCode = errorCode,
        Body = body,
        From = new DateOnly(2026, 1, 1),
        To = new DateOnly(2026, 1, 31),
        TikTokSearchId = "7354367454467855403",
    };

    public static StoredRecord Record(this NormalizedItem item) => (StoredRecord)item.Stored;

    public static Clause Hashtag(params string[] tags) => new() { ClauseId = $"clause-{string.Join('-', tags)}", Class = ClauseClass.Hashtag, Hashtags = { tags } };

    public static Clause User(string username) => new() { ClauseId = $"clause-@{username}", Class = ClauseClass.Username, Username = username };

    public static RecordView View(params (Clause Clause, string Term)[] inputs)
    {
        var view = new RecordView { CollectionRunId = "run", QueryDesignId = "design" };
        foreach (var (clause, term) in inputs)
        {
            view.Inputs.Add(new ClauseInput { Clause = clause, Term = term, Input = term });
            view.Days[clause.ClauseId] = new DayRange { From = "2026-01-01", To = "2026-01-31" };
        }

        return view;
    }

    public static RecordSelection Select(params (Clause Clause, string Term)[] inputs) => RecordSelections.Of(View(inputs));

    /// <summary>Everything that anybody could see of a lab's records, without sequences.</summary>
    public static async Task<string> EverythingAsync(IRecordStore store, RecordSelection selection, string lab = Lab)
    {
        var text = new StringBuilder();
        var chunks = ExportChunks.Of(store.ListSortedAsync(lab, [selection], CancellationToken.None), new RecordPresenter(Pseudonyms).Begin(lab, selection), CancellationToken.None);
        await foreach (var (lines, _) in chunks)
        {
            text.Append(Encoding.UTF8.GetString(lines.Span));
        }

        return text.ToString();
    }
}
