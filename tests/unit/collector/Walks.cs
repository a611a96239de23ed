using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Searches, outcomes and clauses in few words.</summary>
internal static class Walks
{
    public static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly CollectorOptions Options = new();

    /// <summary>A collection that may spend so many units a day.</summary>
    public static CollectionRecord Budgeted(long unitsPerDay) => new()
    {
        LabId = "default",
        CollectionId = "c1",
        RequestId = "r",
        Fingerprint = "f",
        Spec = "{}",
        Priority = Priority.Interactive,
        CreatedAt = Now,
        UnitsPerDay = unitsPerDay,
    };

    public static Days Days(string from, string to) => new(DaysOf.Day(from), DaysOf.Day(to));

    public static Clause Tag(string tag) => Identified(new() { Class = ClauseClass.Hashtag, Hashtags = { tag }, RegionCodes = { "DK" } });

    public static Clause Word(string word) => Identified(new() { Class = ClauseClass.Keyword, Keywords = { word }, RegionCodes = { "DK" } });

    public static Clause Actor(string name) => Identified(new() { Class = ClauseClass.Username, Username = name });

    public static Clause Video(string id) => Identified(new() { Class = ClauseClass.Id, VideoId = id });

    public static AskedClause Asked(Clause clause, Days days, string input = "") => new() { Clause = clause, Days = days, Input = input.Length > 0 ? input : clause.ClauseId };

    public static Search Search(SearchKind kind = SearchKind.Videos, string from = "2026-01-01", string to = "2026-01-30", params Clause[] clauses) => new()
    {
        LabId = "default",
        SearchId = "s",
        Kind = kind,
        Class = ClauseClass.Hashtag,
        Window = Days(from, to),
        Clauses = kind is SearchKind.Videos ? [.. (clauses is [] ? [Tag("dkpol")] : clauses).Select(clause => new SearchClause(clause, Days(from, to)))] : [],
        VideoIds = kind is SearchKind.Refresh ? ["1", "2"] : [],
        RefreshId = kind is SearchKind.Refresh ? "r" : "",
        Endpoint = kind is SearchKind.List ? ApiEndpoint.UserInfo : ApiEndpoint.Unspecified,
        Subject = kind is SearchKind.List ? "ft" : "",
        Priority = Priority.Interactive,
        CreatedAt = Now,
    };

    /// <summary>A page with videos down to <paramref name="oldest"/>.</summary>
    public static Outcome Page(long? cursor, string? oldest = null, int videos = 100, bool more = true) => new()
    {
        Class = ApiErrorClass.Ok,
        Code = "ok",
        HasMore = more,
        Cursor = cursor,
        TikTokSearchId = "7",
        NewVideos = videos,
        OldestDay = oldest is null ? null : DaysOf.Day(oldest),
    };

    public static Outcome Trouble(ApiErrorClass error, InvalidParamsKind? kind = null) => new()
    {
        Class = error,
        InvalidParams = kind,
        Code = error is ApiErrorClass.InvalidParams ? "invalid_params" : error.ToString(),
        LogId = "log",
    };

    /// <summary>A search that stands before its second page.</summary>
    public static Checkpoint SecondPage(string oldest = "2026-01-20") => new() { Cursor = 100, Furthest = 100, TikTokSearchId = "7", OldestDay = DaysOf.Day(oldest) };

    /// <summary>A search that reads a list.</summary>
    public static Search List(ApiEndpoint endpoint, string subject = "ft") => Search(SearchKind.List) with { Class = ClauseClass.List, Endpoint = endpoint, Subject = subject };

    public static Step Decide(Search search, Checkpoint checkpoint, Outcome outcome) => Walker.Decide(search, checkpoint, outcome, Now, Options);

    private static Clause Identified(Clause clause) => ClauseIds.Identify(clause);
}
